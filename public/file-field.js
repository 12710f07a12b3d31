// Puts dropped, pasted and captured files into the input of their field, which sends them, and shows
// what was chosen.

/** An element that only scripts show. In the page’s document it would load nothing before it is there. */
const partOf = (use) => {
  const template = document.createElement('template')
  template.innerHTML = toolTemplates[use]
  return document.importNode(template.content.firstElementChild, true)
}

const fileFields = {
  /** The fields that take a file, by its type or its name. */
  takersOf: ({ type, name = '' }) =>
    [...document.querySelectorAll('.file-field')].filter((field) =>
      field
        .querySelector('[type=file]')
        .accept.split(',')
        .some(
          (kind) => type.startsWith(kind.trim().replace('*', '')) || name.endsWith(kind.trim()),
        ),
    ),
}
{
  const fields = () => [...document.querySelectorAll('.file-field')]
  const inputOf = (field) => field.querySelector('[type=file]')

  const show = (field) => {
    const chosen = field.querySelector('.chosen')
    for (const media of chosen.querySelectorAll('[src]')) URL.revokeObjectURL(media.src)
    const draw = (file) => {
      const item = partOf('chosen')
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
    // As a browser does it; it is shown then.
    for (const event of ['input', 'change'])
      inputOf(field).dispatchEvent(new Event(event, { bubbles: true }))
  }
  const give = (field, files) => {
    const { multiple, files: before } = inputOf(field)
    set(field, multiple ? [...before, ...files] : [files[0]])
  }

  fileFields.give = give
  // Chosen before this script was there.
  for (const field of fields()) if (inputOf(field).files[0]) show(field)

  // The field for a dropped file: the one under it, or the only one that accepts it.
  const fieldFor = ({ target }, file) => {
    const takers = fileFields.takersOf(file)
    return target.closest?.('.file-field') ?? (takers.length === 1 ? takers[0] : null)
  }

  // A phone opens its own camera or recorder, this time only; the previous file stays.
  let taken = null
  addEventListener('click', ({ target }) => {
    const { takes, opens } = target.dataset ?? {}
    const field = opens && target.closest('.file-field')
    if (!field) return
    if (!takes || !matchMedia('(pointer: coarse)').matches) return fileFields.open(field, target)
    const input = inputOf(field)
    taken = [...input.files]
    input.capture = takes
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
    const before = taken
    taken = null
    if (before) set(field, [...(target.multiple ? before : []), ...target.files])
    else show(field)
  })
  addEventListener('click', ({ target }) => {
    const field = target.closest?.('[data-drops]') && target.closest('.file-field')
    if (!field) return
    const at = [...field.querySelectorAll('[data-drops]')].indexOf(target)
    set(field, [...inputOf(field).files].toSpliced(at, 1))
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
