// A panel that is still being made asks for the next of itself, and the server holds the answer
// until there is one. This keeps that going: it rests while the page is hidden, tries again after
// an error, and leaves connections for the browser's other windows.
const slots = [0, 1, 2, 3]
const inFlight = new Set()
let failures = 0

const panels = () => document.querySelectorAll('[data-live]')
const isAsking = (panel) => [...inFlight].some((ctx) => ctx.sourceElement === panel)
const ask = () => {
  for (const panel of panels()) if (!isAsking(panel)) htmx.trigger(panel, 'live')
}
const askLater = () => {
  failures++
  setTimeout(ask, Math.min(5000, 250 * 2 ** failures) * (0.5 + Math.random() / 2))
}

// A browser opens six connections to one server: all its windows together hold four of them.
async function hold(url, options) {
  if (!navigator.locks) return fetch(url, options)
  for (const slot of slots) {
    const answer = await navigator.locks.request(
      `sandpit-${slot}`,
      { ifAvailable: true },
      (lock) => lock && fetch(url, options),
    )
    if (answer) return answer
  }
  await new Promise((resolve) => setTimeout(resolve, 2000))
  return fetch(url.replace(/seen=[^&]*&?/, ''), options)
}

addEventListener('htmx:before:request', (event) => {
  const { ctx } = event.detail
  if (!ctx.sourceElement.matches('[data-live]')) return
  if (document.hidden) return event.preventDefault()
  ctx.fetch = hold
  inFlight.add(ctx)
})
addEventListener('htmx:before:response', (event) => {
  const { ctx } = event.detail
  if (!inFlight.has(ctx)) return
  if (ctx.response.status < 500) failures = 0
  else {
    event.preventDefault()
    askLater()
  }
})
addEventListener('htmx:error', ({ detail }) => inFlight.has(detail.ctx) && askLater())
addEventListener('htmx:finally:request', ({ detail }) => inFlight.delete(detail.ctx))
addEventListener('htmx:after:swap', () => {
  for (const ctx of inFlight) if (!ctx.sourceElement.isConnected) ctx.request.abort()
  const { title } = document.querySelector('[data-title]')?.dataset ?? {}
  if (title) document.title = title
})
addEventListener('visibilitychange', () => {
  if (!document.hidden) ask()
  else for (const ctx of inFlight) ctx.request.abort()
})
addEventListener('online', ask)
addEventListener('pageshow', ({ persisted }) => persisted && ask())
