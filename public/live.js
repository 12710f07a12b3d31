// An unsettled panel requests its successor, and the server holds the request until there is one
// (long polling). This keeps it going: it pauses while the page is hidden, retries after errors, and
// leaves connections for other windows of the browser.
const inFlight = new Set()
let failures = 0

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const rests = () => document.hidden && !document.documentElement.dataset.notify
const ask = () => {
  for (const panel of document.querySelectorAll('[data-live]'))
    if (![...inFlight].some((ctx) => ctx.sourceElement === panel)) htmx.trigger(panel, 'live')
}
const askLater = (least = 0) =>
  later(Math.max(least, Math.min(5000, 250 * 2 ** ++failures) * (0.5 + Math.random() / 2))).then(
    ask,
  )

// Browsers open six connections to one server; all windows together hold four of them.
async function hold(url, options) {
  if (!document.hidden) {
    if (!navigator.locks) return fetch(url, options)
    for (const slot of [0, 1, 2, 3]) {
      const get = (lock) => lock && fetch(url, options)
      const answer = await navigator.locks.request(`sandpit-${slot}`, { ifAvailable: true }, get)
      if (answer) return answer
    }
  }
  await later(2000)
  return fetch(url.replace(/seen=[^&]*&?/, ''), options)
}

const on = (name, listener) => addEventListener(name, (event) => listener(event.detail?.ctx, event))
on('htmx:before:request', (ctx, event) => {
  if (!ctx.sourceElement.matches('[data-live]')) return
  if (rests()) return event.preventDefault()
  ctx.fetch = hold
  inFlight.add(ctx)
})
on('htmx:before:response', (ctx, event) => {
  if (!inFlight.has(ctx)) return
  const { headers } = ctx.response
  if (headers.get('Sandpit') === 'fragment') failures = 0
  else {
    event.preventDefault()
    askLater(Math.min(60, headers.get('Retry-After') || 0) * 1000)
  }
})
on('htmx:error', (ctx) => inFlight.has(ctx) && askLater())
// An aborted request is no error to htmx: the panel asks again here, unless the page rests.
on('htmx:finally:request', (ctx) => {
  if (inFlight.delete(ctx) && ctx.request.signal.aborted && !rests()) later().then(ask)
})
on('htmx:after:swap', (swapped) => {
  const isPanel = inFlight.has(swapped) && swapped.response.status === 200
  if (isPanel && !document.querySelector('[data-live]')) htmx.trigger(document.body, 'settled')
  for (const ctx of inFlight) if (!ctx.sourceElement.isConnected) ctx.request.abort()
})
on('visibilitychange', () => {
  if (document.hidden) for (const ctx of inFlight) ctx.request.abort()
  if (!rests()) later().then(ask)
})
on('online', ask)
on('pageshow', (_, { persisted }) => persisted && ask())
