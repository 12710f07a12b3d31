// A slider and the number box beside it show the same number.
addEventListener('input', ({ target }) => {
  for (const control of target.closest('.ranged')?.children ?? [])
    if (control !== target && target.value !== '') control.value = target.value
})

// The slider between before and after.
addEventListener('input', ({ target }) => {
  const pictures = target.previousElementSibling
  if (pictures?.matches('.ab')) pictures.style.setProperty('--at', `${target.value}%`)
})

// Ctrl or Cmd and Enter run from anywhere in the form.
addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
  const form = event.target.closest('form.inputs, form:has(.inputs)')
  form?.requestSubmit(form.querySelector('button.run'))
})

// A menu closes on Escape and on a click elsewhere.
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

// Clocks of running predictions go on between two responses.
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

// So do bars of the usual time: past it there is no estimate.
const fillBars = () => {
  for (const bar of document.querySelectorAll('progress[data-ran]')) {
    const { ran } = bar.dataset
    if (clocks.get(bar)?.ran !== ran) clocks.set(bar, { ran, at: performance.now() - ran * 1000 })
    const seconds = (performance.now() - clocks.get(bar).at) / 1000
    if (seconds < bar.max) bar.value = seconds
    else bar.removeAttribute('value')
  }
}
setInterval(fillBars, 1000)
addEventListener('htmx:after:swap', fillBars)

// Offers the seed of a result that arrives.
addEventListener('htmx:after:swap', () => {
  const button = document.querySelector('form.inputs button[name=seed]')
  const { seed } = document.querySelector('.prediction')?.dataset ?? {}
  if (!button || !seed) return
  button.value = seed
  button.textContent = `${button.textContent.split(',')[0]}, ${seed}`
  button.hidden = button.previousElementSibling.value === seed
})

// Shows the state in the title, and notifies of runs that end while the page is hidden.
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
// Asked where it matters: the answer comes from another process.
const notifyOnce = () => {
  if (!document.querySelector('[data-asks=notify]')) return
  removeEventListener('htmx:after:swap', notifyOnce)
  removeEventListener('visibilitychange', notifyOnce, true)
  notify()
}
addEventListener('htmx:after:swap', notifyOnce)
// A page may be hidden before its first swap is over; it is asked before live.js lets it rest.
addEventListener('visibilitychange', notifyOnce, true)
notifyOnce()
addEventListener('click', ({ target }) => {
  if (target.closest?.('[data-asks=notify]')) Notification.requestPermission().then(notify)
})

// Loads the stylesheet, which this page includes and the next one links to, once one comes near a link.
{
  const { href } = document.querySelector('style[data-href]')?.dataset ?? {}
  let isFetched = !href
  const fetchIt = ({ target }) => {
    if (isFetched || !target.closest?.('a[href]')) return
    isFetched = true
    fetch(href)
  }
  for (const sign of ['pointerover', 'focusin']) addEventListener(sign, fetchIt, { passive: true })
}
