// Shows the progress of uploads, with a Stop button; a refused form says why and stays unchanged.
{
  const isForm = (ctx) => ctx?.sourceElement.matches('form.inputs')
  const part = (ctx, selector) => ctx.sourceElement.querySelector(selector)
  let current
  // Asks before the page is left during an upload.
  const askFirst = (event) => event.preventDefault()

  const tell = (ctx, fault, detail) => {
    const unsent = part(ctx, '.unsent')
    const [words, link] = unsent.children
    words.textContent = unsent.dataset[fault].replace('{detail}', detail)
    link.hidden = fault !== 'signedOut'
    unsent.hidden = false
  }

  addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    if (!isForm(ctx)) return
    part(ctx, '.unsent').hidden = true
    const { body } = ctx.request
    if (!(body instanceof FormData) || ![...body.values()].some(({ size }) => size > 0)) return
    current = ctx
    ctx.fetch = async (...request) => (await import(more)).sendForm(ctx, ...request)
    part(ctx, '.sending').hidden = false
    addEventListener('beforeunload', askFirst)
  })
  addEventListener('htmx:before:response', async ({ detail: { ctx } }) => {
    if (!isForm(ctx) || isOurs(ctx.response)) return
    const { status, headers, raw } = ctx.response
    if (status === 413) return tell(ctx, 'tooLarge')
    if (headers.get('Sandpit') !== 'page') return tell(ctx, faultOf(ctx.response), status)
    const text = await raw.text()
    const page = new DOMParser().parseFromString(text, 'text/html')
    tell(ctx, 'refused', page.querySelector('#main p')?.textContent ?? text)
  })
  addEventListener('htmx:error', async ({ detail: { ctx } }) => {
    if (!isForm(ctx)) return
    // XMLHttpRequest follows redirects, and fails on one to another site’s sign-in.
    const probe = { method: 'HEAD', redirect: 'manual', cache: 'no-store' }
    const answer = await fetch(location.href, probe).catch(() => null)
    const isSignedOut = answer?.type === 'opaqueredirect' || answer?.status === 401
    tell(ctx, isSignedOut ? 'signedOut' : 'unreached')
  })
  addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (!isForm(ctx)) return
    part(ctx, '.sending').hidden = true
    removeEventListener('beforeunload', askFirst)
  })
  addEventListener('click', ({ target }) => {
    if (target.closest?.('[data-stops]')) current.request.abort()
  })
}
