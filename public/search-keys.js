// “/” and Ctrl or Cmd and K focus the search. On a page that shows none, such as a narrow one, they
// open Explore with its search focused.
addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event
  const isShortcut = ctrlKey !== metaKey ? key.toLowerCase() === 'k' : key === '/' && !ctrlKey
  const typing =
    ':is(textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=file]))'
  const search = document.getElementById('q')
  if (!isShortcut || altKey || event.defaultPrevented || !search) return
  if (target.matches?.(typing) || document.querySelector('dialog[open]')) return
  event.preventDefault()
  if (!search.checkVisibility()) return location.assign(`${search.form.action}#q`)
  search.focus()
  search.select()
})
