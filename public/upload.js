// Shows the progress of uploads, with a Stop button; a refused form says why and stays unchanged.
// `fetch` has no upload progress, so XMLHttpRequest sends the form.
{
  const patienceMs = 60_000
  const isForm = (ctx) => ctx?.sourceElement.matches('form.inputs')
  const part = (ctx, selector) => ctx.sourceElement.querySelector(selector)
  let current
  // Asks before the page is left during an upload.
  const askFirst = (event) => event.preventDefault()

  const showProgress = (ctx, { loaded, total }) => {
    const [figure, bar] = part(ctx, '.sending').querySelectorAll('span, progress')
    bar.value = loaded / total
    figure.textContent = `${Math.floor(bar.value * 100)} %, ${formatBytes(loaded)} of ${formatBytes(total)}`
    if (loaded < total) return
    figure.textContent = figure.dataset.sent
    bar.removeAttribute('value')
  }

  const send =
    (ctx) =>
    (url, { method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        // An upload may take any time. It is given up when there is no progress.
        const wait = () => {
          clearTimeout(ctx.requestTimeout)
          ctx.requestTimeout = setTimeout(() => ctx.request.abort('timeout'), patienceMs)
        }
        request.open(method, url)
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
        request.upload.onprogress = (progress) => {
          wait()
          showProgress(ctx, progress)
        }
        request.onload = () => {
          const lines = request.getAllResponseHeaders().trim().split('\r\n')
          const pairs = lines.map((line) => line.split(/: ?(.*)/s, 2))
          resolve(new Response(request.response, { status: request.status, headers: pairs }))
        }
        request.onerror = () => reject(new TypeError('Not sent'))
        request.onabort = () => reject(new DOMException('Stopped', 'AbortError'))
        signal.addEventListener('abort', () => request.abort())
        wait()
        request.send(body)
      })

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
    ctx.fetch = send(ctx)
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
