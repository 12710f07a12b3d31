// Sandpit’s fragments have a header. Any other response, such as the login page of a proxy, replaces
// nothing: the page stays, says what happened, and tries again.
const isOurs = (response) => response.headers.get('Sandpit') === 'fragment'
const faultOf = ({ status }) => {
  if (status === 429) return 'busy'
  return status < 400 || status === 401 || status === 403 ? 'signedOut' : 'unavailable'
}

{
  let subject = null
  let timer
  const note = () => document.getElementById('connection')
  const clear = () => {
    clearTimeout(timer)
    if (note()) note().hidden = true
  }
  const tell = (about, fault, status) => {
    // The message stays until the next response of ours.
    if (!note() || (about === 'panel' && subject === 'action' && !note().hidden)) return
    clear()
    subject = about
    const { dataset, firstElementChild } = note()
    const words = dataset[fault].replace('{status}', status)
    firstElementChild.textContent = about === 'action' ? `${dataset.undone} ${words}` : words
    note().hidden = false
  }
  const unreached = () => (navigator.onLine ? 'unreached' : 'offline')
  const subjectOf = ({ sourceElement }) => {
    if (sourceElement.matches('[data-live]')) return 'panel'
    return sourceElement.matches('form.inputs') ? null : 'action'
  }

  // Fragments are never redirects. Not following them tells one from a lost connection.
  addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    ctx.request.redirect = 'manual'
  })
  addEventListener('htmx:before:response', (event) => {
    const { ctx } = event.detail
    const about = subjectOf(ctx)
    if (!isOurs(ctx.response)) {
      event.preventDefault()
      if (about) tell(about, faultOf(ctx.response), ctx.response.status)
    } else if (about === subject) clear()
  })
  addEventListener('htmx:error', ({ detail: { ctx } }) => {
    const about = subjectOf(ctx)
    if (about === 'action') tell(about, unreached())
    // A restarted server is back before this.
    if (about === 'panel') {
      clearTimeout(timer)
      timer = setTimeout(() => tell(about, unreached()), navigator.onLine ? 1000 : 0)
    }
  })
  addEventListener('htmx:after:swap', () => {
    if (!document.querySelector('[data-live]')) clear()
  })
  addEventListener(
    'offline',
    () => document.querySelector('[data-live]') && tell('panel', 'offline'),
  )
}
