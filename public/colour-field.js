// A colour that is chosen is set.
addEventListener('input', ({ target }) => {
  const unset = target.type === 'color' && target.parentElement.querySelector('[type=checkbox]')
  if (unset) unset.checked = false
})
