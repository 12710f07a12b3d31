const { more } = document.currentScript.dataset

// Loads the script of what is used now and then with the first sign that it is: copying, pictures in full
// size, the tools of file inputs. What happens before it is there happens again when it is.
{
  let isLoading = false
  let isLoaded = false
  const kept = []
  const load = async () => {
    if (isLoading || isLoaded) return
    isLoading = true
    const found = await import(more).then(
      () => true,
      () => false,
    )
    isLoading = false
    // Without the script, a link still leads to its page.
    isLoaded = true
    for (const again of kept.splice(0)) again()
    isLoaded = found
  }
  const keep = (again) => {
    kept.push(again)
    load()
  }
  const used = '.file-field, [data-copies], .prediction a[href*="/pictures/"]'
  for (const sign of ['pointerover', 'focusin', 'change'])
    addEventListener(sign, ({ target }) => target.closest?.(used) && load())
  addEventListener('click', (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event
    const pressed = target.closest?.(used.replace('.file-field', '[data-opens]'))
    if (isLoaded || !pressed || button || ctrlKey || metaKey || shiftKey || altKey) return
    event.preventDefault()
    keep(() => pressed.click())
  })

  const takesFiles = () => document.querySelector('.file-field')
  addEventListener('dragover', (event) => {
    if (isLoaded || !takesFiles() || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    load()
  })
  const keepFiles = (event, Kind, name) => {
    const { target, type, [name]: given } = event
    if (isLoaded || !takesFiles() || !given.files[0]) return
    const isTyping = type === 'paste' && target.matches?.('textarea, input:not([type=file])')
    if (isTyping && given.types.includes('text/plain')) return
    event.preventDefault()
    // The files of an event can be read only while it is dispatched.
    const transfer = new DataTransfer()
    for (const file of given.files) transfer.items.add(file)
    const again = new Kind(type, { bubbles: true, cancelable: true, [name]: transfer })
    keep(() => target.dispatchEvent(again))
  }
  addEventListener('drop', (event) => keepFiles(event, DragEvent, 'dataTransfer'))
  addEventListener('paste', (event) => keepFiles(event, ClipboardEvent, 'clipboardData'))
}
