// Puts a file that is pasted anywhere on the page into a field, and says which.
{
  const inputOf = (field) => field.querySelector('[type=file]')
  // A pasted file goes to the field that it is pasted into, else to the first that takes it and has
  // none; before a mask to one whose file is kept, which Remove brings back. Pasted text is left to
  // the box that it is pasted into.
  const isFree = (field) =>
    inputOf(field).multiple ||
    !(inputOf(field).files[0] || field.querySelector('[inputmode=url]').value)
  const rank = (field) =>
    ('mask' in field.dataset ? 2 : 0) +
    (field.parentElement.querySelector('.upload [type=hidden]') ? 1 : 0)
  addEventListener('paste', (event) => {
    const { target, clipboardData } = event
    const [file] = clipboardData.files
    const isTyping = target.matches?.('textarea, input:not([type=file])')
    if (!file || (isTyping && clipboardData.types.includes('text/plain'))) return
    const takers = fileFields.takersOf(file)
    const free = takers.filter(isFree).sort((a, b) => rank(a) - rank(b))
    const field = target.closest?.('.file-field') ?? free[0]
    if (!field && !takers[0]) return
    event.preventDefault()
    if (field) fileFields.give(field, clipboardData.files)
    field?.scrollIntoView({ block: 'nearest' })
    const said = document.getElementById('pasted')
    const words = field ? said.dataset.into : said.dataset.full
    said.textContent = words
      .replace('{file}', file.name)
      .replace('{input}', field && inputOf(field).name.replace('input.', ''))
  })
  addEventListener('input', () => document.getElementById('pasted')?.replaceChildren())
}
