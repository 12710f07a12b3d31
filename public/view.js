// Opens pictures of a result, and forms such as that of a share link, in a dialog, which shows the main
// part of their own pages.
{
  let dialog

  const opened = () => {
    if (dialog) return dialog
    dialog = document.createElement('dialog')
    dialog.addEventListener('keydown', ({ key }) => {
      const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[key]
      if (rel) dialog.querySelector(`[rel=${rel}]`)?.click()
    })
    dialog.addEventListener('close', () => dialog.replaceChildren())
    document.body.append(dialog)
    return dialog
  }

  const show = async (href) => {
    const response = await fetch(href)
    if (!response.ok) throw new Error(response.status)
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const { rel, dataset } = document.activeElement
    const main = page.querySelector('main')
    opened().replaceChildren(...main.children)
    dialog.ariaLabel = dialog.querySelector('h1').textContent
    if (!dialog.open) dialog.showModal()
    // The pressed arrow, or Close where there are no more in its direction.
    const again = rel && dialog.querySelector(`[rel=${rel}]`)
    if (again) again.focus()
    else if (!dataset.copies) dialog.querySelector('[data-closes]').focus()
  }

  addEventListener('click', (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event
    const link = target.closest?.('.prediction a[href*="/pictures/"], dialog a[href], [data-opens]')
    if (!link || link.download || button || ctrlKey || metaKey || shiftKey || altKey) return
    if (link.matches('[data-closes]')) dialog.close()
    else if (!link.matches('[data-opens]') && !link.pathname.includes('/pictures/')) return
    else {
      const address = new URL(link.href)
      // The first one fits into the window.
      if (!link.closest('dialog') && !address.search && !link.matches('[data-opens]'))
        address.search = 'fit'
      show(address.href).catch(() => location.assign(link.href))
    }
    event.preventDefault()
  })
}
