const patienceMs = 60_000

const showProgress = (form, { loaded, total }) => {
  const [figure, bar] = form.querySelector('.sending').querySelectorAll('span, progress')
  bar.value = loaded / total
  figure.textContent = `${Math.floor(bar.value * 100)} %, ${formatBytes(loaded)} of ${formatBytes(total)}`
  if (loaded < total) return
  figure.textContent = figure.dataset.sent
  bar.removeAttribute('value')
}

/** Sends a form with files as `fetch` would. That has no upload progress, so XMLHttpRequest does it. */
export function sendForm(ctx, url, { method, headers, body, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    // An upload may take any time. It is given up when there is no progress.
    const wait = () => {
      clearTimeout(ctx.requestTimeout)
      ctx.requestTimeout = setTimeout(() => ctx.request.abort('timeout'), patienceMs)
    }
    const stop = () => reject(new DOMException('Stopped', 'AbortError'))
    if (signal.aborted) return stop()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (progress) => {
      wait()
      showProgress(ctx.sourceElement, progress)
    }
    request.onload = () => {
      const lines = request.getAllResponseHeaders().trim().split('\r\n')
      const pairs = lines.map((line) => line.split(/: ?(.*)/s, 2))
      resolve(new Response(request.response, { status: request.status, headers: pairs }))
    }
    request.onerror = () => reject(new TypeError('Not sent'))
    request.onabort = stop
    signal.addEventListener('abort', () => request.abort())
    wait()
    request.send(body)
  })
}
