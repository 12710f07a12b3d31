// Keeps expanded and resized fields as they are when the server sends the form again, and scrolls to
// a field that the browser finds invalid.
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
  // Copies a new link at once.
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
  // A button with an address of its own opens a page: htmx does not send it.
  addEventListener(
    'submit',
    (event) => {
      if (event.submitter?.hasAttribute('formaction')) event.stopImmediatePropagation()
    },
    true,
  )
}
