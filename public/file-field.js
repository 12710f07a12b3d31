// Puts dropped, pasted and captured files into the input of their field, which sends them, and shows
// what was chosen. The texts and elements come from the page.
{
  const fields = () => [...document.querySelectorAll('.file-field')]
  const inputOf = (field) => field.querySelector('[type=file]')
  const nameOf = (field) => inputOf(field).name.slice('input.'.length)

  const show = (field) => {
    const chosen = field.querySelector('.chosen')
    for (const media of chosen.querySelectorAll('[src]')) URL.revokeObjectURL(media.src)
    const { content } = document.getElementById('chosen-file')
    const draw = (file) => {
      const item = content.cloneNode(true)
      const [name, size] = item.querySelectorAll('span, small')
      const drop = item.querySelector('button')
      name.textContent = file.name
      size.textContent = formatBytes(file.size)
      drop.ariaLabel = `${drop.textContent} ${file.name}`
      for (const media of item.querySelectorAll('[data-shows]'))
        if (file.type.startsWith(media.dataset.shows)) media.src = URL.createObjectURL(file)
        else media.remove()
      return item
    }
    chosen.replaceChildren(...[...inputOf(field).files].map(draw))
  }

  const set = (field, files) => {
    const list = new DataTransfer()
    for (const file of files) list.items.add(file)
    inputOf(field).files = list.files
    for (let more = field; more; more = more.parentElement.closest('details')) more.open = true
    show(field)
  }
  const give = (field, files) => {
    const { multiple, files: before } = inputOf(field)
    set(field, multiple ? [...before, ...files] : [files[0]])
  }

  // The field for a dropped file: the one under it, or the only one that accepts it.
  const takes = (field, { type, name = '' }) =>
    inputOf(field)
      .accept.split(',')
      .some((kind) => type.startsWith(kind.trim().replace('*', '')) || name.endsWith(kind.trim()))
  const fieldFor = ({ target }, file) => {
    const takers = fields().filter((field) => takes(field, file))
    return target.closest?.('.file-field') ?? (takers.length === 1 ? takers[0] : null)
  }

  // Asks for the camera this time only; the previous file stays.
  let taken = null
  addEventListener('click', ({ target }) => {
    const facing = target.dataset?.takes
    if (!facing) return
    const input = inputOf(target.closest('.file-field'))
    taken = [...input.files]
    input.capture = facing
    input.click()
    input.removeAttribute('capture')
  })
  addEventListener(
    'cancel',
    () => {
      taken = null
    },
    true,
  )
  addEventListener('change', ({ target }) => {
    const field = target.closest('.file-field')
    if (target.type !== 'file' || !field) return
    if (taken) set(field, [...(target.multiple ? taken : []), ...target.files])
    else show(field)
    taken = null
  })
  addEventListener('click', ({ target }) => {
    const field = target.closest?.('[data-drops]') && target.closest('.file-field')
    if (!field) return
    const at = [...field.querySelectorAll('[data-drops]')].indexOf(target)
    set(field, [...inputOf(field).files].toSpliced(at, 1))
    document.getElementById('pasted').replaceChildren()
    inputOf(field).focus()
  })
  // The size of a chosen picture, before its bytes.
  document.addEventListener(
    'load',
    ({ target }) => {
      const size = target.dataset?.shows === 'image/' && target.parentElement.querySelector('small')
      if (size && target.naturalWidth)
        size.prepend(`${target.naturalWidth} × ${target.naturalHeight}, `)
    },
    true,
  )
  // A file that the browser cannot show is shown by its name.
  addEventListener('error', ({ target }) => target.dataset?.shows && target.remove(), true)

  const mark = (field, dragging) => {
    document.documentElement.toggleAttribute('data-dragging', dragging)
    for (const one of fields()) one.toggleAttribute('data-over', one === field)
  }
  addEventListener('dragover', (event) => {
    const { types, items } = event.dataTransfer
    if (!types.includes('Files') || !fields()[0]) return
    // Keeps the browser from opening a file that is dropped beside a field.
    event.preventDefault()
    const field = fieldFor(event, items[0] ?? { type: '' })
    event.dataTransfer.dropEffect = field ? 'copy' : 'none'
    mark(field, true)
  })
  addEventListener('dragleave', (event) => event.relatedTarget ?? mark(null, false))
  addEventListener('drop', (event) => {
    mark(null, false)
    const { files } = event.dataTransfer
    if (!files[0] || !fields()[0]) return
    event.preventDefault()
    const field = fieldFor(event, files[0])
    if (field) give(field, files)
  })
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
    const takers = fields().filter((field) => takes(field, file))
    const free = takers.filter(isFree).sort((a, b) => rank(a) - rank(b))
    const field = target.closest?.('.file-field') ?? free[0]
    if (!field && !takers[0]) return
    event.preventDefault()
    if (field) give(field, clipboardData.files)
    field?.scrollIntoView({ block: 'nearest' })
    const said = document.getElementById('pasted')
    const words = field ? said.dataset.into : said.dataset.full
    said.textContent = words.replace('{file}', file.name).replace('{input}', field && nameOf(field))
  })
  addEventListener('input', () => document.getElementById('pasted')?.replaceChildren())

  // A typed address or a chosen file replaces the previous output that was selected.
  addEventListener('input', ({ target }) => {
    const none = target.closest('.file-field')?.querySelector('.earlier [type=radio][value=""]')
    if (none && target.matches('[inputmode=url], [type=file]')) none.checked = true
  })
  // Earlier outputs are found by file name or by model.
  addEventListener('input', ({ target }) => {
    if (!target.matches('[data-filters]')) return
    for (const label of target.parentElement.querySelectorAll('label'))
      label.hidden = !label.textContent.toLowerCase().includes(target.value.toLowerCase())
  })
  addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches?.('[data-filters]')) event.preventDefault()
  })
}
