// A slider and the number box beside it show the same number.
addEventListener('input', ({ target }) => {
  for (const control of target.closest('.ranged')?.children ?? [])
    if (control !== target && target.value !== '') control.value = target.value
})

// Ctrl or Cmd and Enter run from anywhere in the form.
addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
    event.target.closest('form.inputs')?.requestSubmit()
})
