// A form is drawn again by the server. What was unfolded by hand stays unfolded, and a field that
// the browser does not accept is brought into view.
{
  const unfolded = new Map()
  const folds = () => document.querySelectorAll('form.inputs details[id]')
  addEventListener(
    'toggle',
    ({ target }) => {
      if ([...folds()].includes(target)) unfolded.set(target.id, target.open)
    },
    true,
  )
  addEventListener('htmx:after:swap', () => {
    for (const fold of folds()) fold.open ||= unfolded.get(fold.id) ?? false
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
