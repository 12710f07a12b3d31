// A form is drawn again by the server. What was unfolded or made taller by hand stays so, and a
// field that the browser does not accept is brought into view.
{
  const unfolded = new Map()
  const heights = new Map()
  const folds = () => document.querySelectorAll('form.inputs details[id]')
  addEventListener(
    'toggle',
    ({ target }) => {
      if ([...folds()].includes(target)) unfolded.set(target.id, target.open)
    },
    true,
  )
  const texts = () => document.querySelectorAll('form.inputs textarea')
  addEventListener('htmx:before:swap', () => {
    for (const { id, style } of texts()) heights.set(id, style.height)
  })
  addEventListener('htmx:after:swap', () => {
    for (const fold of folds()) fold.open ||= unfolded.get(fold.id) ?? false
    for (const { id, style } of texts()) style.height ||= heights.get(id) ?? ''
  })
  // A link that was asked for is copied at once.
  addEventListener('htmx:after:swap', () => {
    const button = document.querySelector('[data-copies-now]')
    button?.removeAttribute('data-copies-now')
    button?.click()
  })
  addEventListener(
    'invalid',
    ({ target }) => {
      const fold = target.closest('details')
      if (fold) fold.open = true
    },
    true,
  )
}
