// Copy buttons. `data-copies` is the id of an element, or an address of a text, a picture or a file.
{
  const textAt = async (address) => (await fetch(address)).text()

  /** The clipboard takes pictures as PNG alone. */
  const pngAt = async (address) => {
    const picture = new Image()
    picture.src = address
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = picture.naturalWidth
    canvas.height = picture.naturalHeight
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
  }

  // Browsers without the clipboard, as on plain http, copy what is selected.
  const copySelected = (from) => {
    if (from.select) from.select()
    else getSelection().selectAllChildren(from)
    return document.execCommand('copy') ? 'Copied' : 'Selected'
  }

  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text)
      return 'Copied'
    } catch {
      const area = document.createElement('textarea')
      area.value = text
      document.body.append(area)
      const said = copySelected(area)
      area.remove()
      return said === 'Copied' ? said : 'Not copied'
    }
  }

  const copyPicture = async (address) => {
    try {
      // A promise, so that the browser still takes it for the press of the button.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngAt(address) })])
      return 'Picture copied'
    } catch {
      return (await copyText(address)) === 'Copied' ? 'Link copied' : 'Not copied'
    }
  }

  const copyElement = async (from) => {
    try {
      await navigator.clipboard.writeText(from.value ?? from.textContent)
      return 'Copied'
    } catch {
      return copySelected(from)
    }
  }

  const copy = async ({ copies, copiesAs }) => {
    if (!copiesAs) return copyElement(document.getElementById(copies))
    const address = new URL(copies, location.href).href
    if (copiesAs === 'picture') return copyPicture(address)
    return copyText(copiesAs === 'text' ? await textAt(address) : address)
  }

  addEventListener('click', async ({ target }) => {
    if (!target.dataset?.copies) return
    const { textContent } = target
    target.textContent = await copy(target.dataset).catch(() => 'Not copied')
    setTimeout(() => (target.textContent = textContent), 1500)
  })
}
