// Keeps the focus on a pressed button; when it is removed, moves the focus to what replaced it.
{
  const pressed = ({ sourceElement }) =>
    sourceElement.matches('form')
      ? sourceElement.querySelectorAll('form.inputs .run, .prediction form button')
      : []
  const isInResult = (element) => element?.closest('#result, .prediction')
  let focused = null

  addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    for (const button of pressed(ctx)) button.ariaDisabled = 'true'
  })
  addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    for (const button of pressed(ctx)) button.ariaDisabled = null
  })
  addEventListener('htmx:before:swap', () => {
    focused = isInResult(document.activeElement) ? document.activeElement : null
  })
  addEventListener('htmx:after:swap', () => {
    if (focused && !focused.isConnected && document.activeElement === document.body)
      document.getElementById('prediction-status')?.focus({ preventScroll: true })
  })
}

// Updates the warmth in the head of the page, which was rendered before the run.
addEventListener('htmx:after:swap', () => {
  const { warmth, estimate } = document.querySelector('.prediction')?.dataset ?? {}
  if (!warmth) return
  // A message from before the run does not hold during it.
  const expected = document.querySelector('.run-bar [data-estimate]')
  if (expected) expected.textContent = estimate ?? ''
  const word = warmth[0].toUpperCase() + warmth.slice(1)
  for (const mark of document.querySelectorAll('.model-head .warmth, .run-bar [data-warmth]')) {
    mark.textContent = word
    if (mark.dataset.state) mark.dataset.state = warmth
  }
  if (warmth === 'warm') document.querySelector('.health [data-elapsed]')?.closest('p').remove()
})
