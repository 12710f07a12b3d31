// A slider and the number box beside it show the same number.
addEventListener('input', ({ target }) => {
  for (const control of target.closest('.ranged')?.children ?? [])
    if (control !== target && target.value !== '') control.value = target.value
})

// Ctrl or Cmd and Enter run from anywhere in the form.
addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
    event.target.closest('form.inputs')?.requestSubmit()
})

// Back from a result opens the form with what made it.
addEventListener('htmx:before:history:update', ({ detail }) => {
  const [, id] = detail.history.path.split('/p/')
  if (id && detail.sourceElement.matches('form.inputs'))
    history.replaceState(history.state, '', `?from=${id}`)
})

// On a phone the result is below the form: Run leads there.
addEventListener('htmx:after:swap', ({ detail }) => {
  const result = detail.ctx.hx?.pushurl && document.getElementById('result')
  if (result?.getBoundingClientRect().top > innerHeight / 2) result.scrollIntoView()
})

// A menu closes on Escape and on a click elsewhere, as menus do.
addEventListener('keydown', ({ key, target }) => {
  const menu = key === 'Escape' && target.closest('.menu[open]')
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})
addEventListener('click', ({ target }) => {
  const menu = document.querySelector('.menu[open]')
  if (menu && !menu.contains(target)) menu.open = false
})

// A button beside a text copies it, and says so.
addEventListener('click', async ({ target }) => {
  const from = document.getElementById(target.dataset?.copies)
  if (!from) return
  const { textContent } = target
  try {
    await navigator.clipboard.writeText(from.value ?? from.textContent)
    target.textContent = 'Copied'
  } catch {
    // Plain http has only the old way. Where that fails too, the text is selected for the keys to copy.
    if (from.select) from.select()
    else getSelection().selectAllChildren(from)
    target.textContent = document.execCommand('copy') ? 'Copied' : 'Selected'
  }
  setTimeout(() => (target.textContent = textContent), 1500)
})

// The clock of what runs goes on between two answers.
const clocks = new WeakMap()
setInterval(() => {
  for (const clock of document.querySelectorAll('[data-elapsed]')) {
    const { elapsed } = clock.dataset
    if (clocks.get(clock)?.elapsed !== elapsed)
      clocks.set(clock, { elapsed, at: performance.now() - elapsed * 1000 })
    const seconds = Math.floor((performance.now() - clocks.get(clock).at) / 1000)
    const pair = (number) => String(number).padStart(2, '0')
    const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
    clock.textContent = `${h ? `${h}:${pair(m)}` : m}:${pair(seconds % 60)}`
  }
}, 1000)

// The title tells the state among other tabs; a notification, of what ended while nobody looked.
addEventListener('htmx:after:swap', () => {
  const panel = document.querySelector('[data-title]')
  if (!panel) return
  const { title } = panel.dataset
  const ended = document.title !== title && !panel.matches('[data-live]')
  document.title = title
  if (ended && document.hidden && document.documentElement.dataset.notify) new Notification(title)
})
const notify = () => {
  if (window.Notification?.permission === 'granted') document.documentElement.dataset.notify = 'on'
}
notify()
addEventListener('click', ({ target }) => {
  if (target.closest?.('[data-asks=notify]')) Notification.requestPermission().then(notify)
})

// The pages after the one that brought the stylesheet along link to it.
{
  const { href } = document.querySelector('style[data-href]')?.dataset ?? {}
  const fetchIt = () => fetch(href)
  if (href)
    for (const sign of ['pointermove', 'pointerdown', 'keydown', 'scroll'])
      addEventListener(sign, fetchIt, { once: true, passive: true })
}
