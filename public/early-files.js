// Loads the script of file inputs with the first sign that one is used. Events that it handles and that
// come before it is there are kept for it.
{
  let isLoading = false
  let isLoaded = false
  const kept = []
  const scriptOf = () => document.querySelector('.file-field')?.dataset.script
  const load = async () => {
    if (isLoading || !scriptOf()) return
    isLoading = true
    isLoaded = await import(scriptOf()).catch(() => false)
    isLoading = isLoaded
    if (isLoaded) for (const again of kept.splice(0)) again()
  }
  const keep = (again) => {
    kept.push(again)
    load()
  }

  for (const sign of ['pointerover', 'focusin', 'change'])
    addEventListener(sign, ({ target }) => target.closest?.('.file-field') && load())
  addEventListener('click', ({ target }) => {
    if (!isLoaded && target.dataset?.opens) keep(() => target.click())
  })
  addEventListener('dragover', (event) => {
    if (isLoaded || !scriptOf() || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    load()
  })
  const keepFiles = (event, Kind, name) => {
    const { target, type, [name]: given } = event
    if (isLoaded || !scriptOf() || !given.files[0]) return
    const isTyping = type === 'paste' && target.matches?.('textarea, input:not([type=file])')
    if (isTyping && given.types.includes('text/plain')) return
    event.preventDefault()
    // What an event brings is gone after it.
    const transfer = new DataTransfer()
    for (const file of given.files) transfer.items.add(file)
    const again = new Kind(type, { bubbles: true, cancelable: true, [name]: transfer })
    keep(() => target.dispatchEvent(again))
  }
  addEventListener('drop', (event) => keepFiles(event, DragEvent, 'dataTransfer'))
  addEventListener('paste', (event) => keepFiles(event, ClipboardEvent, 'clipboardData'))
}
