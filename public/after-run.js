// Changes the address after a run, when its output is in the page: that takes a browser some
// milliseconds, so the output does not wait for it.
// Before others change the title, which belongs to that address.
{
  let path = null
  const shown = ({ search }) => new URLSearchParams(search).get('prediction')

  addEventListener('htmx:before:history:update', (event) => {
    const { history: update, sourceElement } = event.detail
    if (!sourceElement.matches('form.inputs') || update.type !== 'push') return
    event.preventDefault()
    path = update.path
  })
  addEventListener('htmx:after:swap', () => {
    if (!path) return
    // Back from a result restores the form with its inputs.
    const id = shown(new URL(path, location))
    if (id && !shown(location)) history.replaceState(history.state, '', `?from=${id}`)
    history.pushState({ htmx: true }, '', path)
    path = null
    // On a phone the result is below the form: Run scrolls there. Asked for now, its place would be laid
    // out twice.
    requestAnimationFrame(() => {
      const result = document.getElementById('result')
      if (result?.getBoundingClientRect().top > innerHeight / 2) result.scrollIntoView()
    })
  })
}
