// Shows the answer to Run: each of its parts replaces the element with the same id. htmx would do it later, as it
// parses into a document of its own and clones the parts.
{
  const shown = ({ search }) => new URLSearchParams(search).get('prediction')

  const replaceParts = (html) => {
    const template = document.createElement('template')
    template.innerHTML = html
    const parts = [...template.content.children]
    const focused = document.activeElement?.id
    for (const part of parts) document.getElementById(part.id)?.replaceWith(part)
    if (focused && document.activeElement === document.body)
      document.getElementById(focused)?.focus({ preventScroll: true })
    return parts
  }
  const changeAddress = (path) => {
    // Back from a result restores the form with its inputs.
    const id = shown(new URL(path, location))
    if (id && !shown(location)) history.replaceState(history.state, '', `?from=${id}`)
    history.pushState({ htmx: true }, '', path)
  }
  const show = async (ctx) => {
    const html = await ctx.response.raw.text()
    htmx.trigger(ctx.sourceElement, 'htmx:before:swap', { ctx })
    const parts = replaceParts(html)
    // Changing the address takes a browser some milliseconds: the output is in the page before.
    await null
    htmx.trigger(ctx.sourceElement, 'sandpit:run')
    changeAddress(ctx.hx.pushurl)
    for (const part of parts) htmx.process(part)
    // After the address, to which a title belongs that others change.
    htmx.trigger(ctx.sourceElement, 'htmx:after:swap', { ctx })
    // On a phone the result is below the form: Run scrolls there. Asked for now, its place would be laid
    // out twice.
    requestAnimationFrame(() => {
      const result = document.getElementById('result')
      if (result?.getBoundingClientRect().top > innerHeight / 2) result.scrollIntoView()
    })
  }

  // Only the answer to Run has an address.
  addEventListener('htmx:before:response', (event) => {
    const { ctx } = event.detail
    if (!isOurs(ctx.response) || !ctx.hx.pushurl) return
    event.preventDefault()
    ctx.extensionPromise = show(ctx).catch((error) => {
      const isStopped = error.name === 'AbortError' && ctx.request.signal.reason !== 'timeout'
      if (!isStopped) htmx.trigger(ctx.sourceElement, 'htmx:error', { ctx, error })
    })
  })
}
