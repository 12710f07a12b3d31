// A form with files says how much of them is sent, and can be stopped; and one that was not taken
// says why and stays as it is. `fetch` tells nothing of what is sent, so XMLHttpRequest sends it.
{
  const patienceMs = 60_000
  const isForm = (ctx) => ctx?.sourceElement.matches('form.inputs')
  const part = (ctx, selector) => ctx.sourceElement.querySelector(selector)
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(bytes < 1e7 ? 1 : 0)
  let current

  const showProgress = (ctx, { loaded, total }) => {
    const [figure, bar] = part(ctx, '.sending').querySelectorAll('span, progress')
    bar.value = loaded / total
    figure.textContent = `${Math.floor(bar.value * 100)} %, ${megabytes(loaded)} of ${megabytes(total)} MB`
    if (loaded < total) return
    figure.textContent = figure.dataset.sent
    bar.removeAttribute('value')
  }

  const send =
    (ctx) =>
    (url, { method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        // However long all of it takes: it is given up when nothing moves any more.
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

  const tell = (ctx, words) => {
    const unsent = part(ctx, '.unsent')
    unsent.textContent = words(unsent.dataset)
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
  })
  // Our own answers to a form say where they go; anything else is not to take the result's place.
  addEventListener('htmx:before:response', async (event) => {
    const { ctx } = event.detail
    const { status, raw } = ctx.response
    if (!isForm(ctx) || status < 400 || ctx.hx.retarget) return
    event.preventDefault()
    const page = new DOMParser().parseFromString(await raw.text(), 'text/html')
    const said = page.querySelector('#main p')?.textContent ?? `${status}.`
    tell(ctx, ({ tooLarge, refused }) => (status === 413 ? tooLarge : `${refused} ${said}`))
  })
  addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (isForm(ctx)) tell(ctx, ({ unreached }) => unreached)
  })
  addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (isForm(ctx)) part(ctx, '.sending').hidden = true
  })
  addEventListener('click', ({ target }) => {
    if (target.closest?.('[data-stops]')) current.request.abort()
  })
}
