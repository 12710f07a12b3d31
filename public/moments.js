// Converts times from the server’s time zone to the reader’s.
{
  const format = (options) => new Intl.DateTimeFormat('en-GB', options)
  const formats = {
    time: format({ timeStyle: 'short' }),
    day: format({ dateStyle: 'long' }),
    both: format({ dateStyle: 'long', timeStyle: 'short' }),
  }
  const whole = format({ dateStyle: 'full', timeStyle: 'long' })

  const localise = () => {
    for (const time of document.querySelectorAll('time[data-shows]')) {
      const moment = new Date(time.dateTime)
      time.textContent = formats[time.dataset.shows].format(moment)
      time.title = whole.format(moment)
      time.removeAttribute('data-shows')
    }
  }

  // In the reader’s time zone it may be another day.
  for (const history of document.querySelectorAll('.history:has(> h2 + ol)')) {
    const [head, list] = history.children
    const dayOf = (row) => formats.day.format(new Date(row.querySelector('time').dateTime))
    const days = Map.groupBy(history.querySelectorAll(':scope > ol > li'), dayOf)
    history.replaceChildren()
    for (const [day, rows] of days) {
      history.append(head.cloneNode(), list.cloneNode())
      history.children[history.children.length - 2].textContent = day
      history.lastElementChild.append(...rows)
    }
  }
  // Beside a control in UTC, the same moment in the reader’s time zone.
  const translate = ({ target }) => {
    const note = target.closest('.field-body')?.querySelector('[data-local]')
    if (!note || target.type !== 'datetime-local') return
    const moment = new Date(`${target.value}Z`)
    note.hidden = !target.value || moment.getTimezoneOffset() === 0
    note.textContent = note.hidden ? '' : `${formats.both.format(moment)} where you are.`
  }
  const showAll = () => {
    localise()
    for (const target of document.querySelectorAll('[type=datetime-local]')) translate({ target })
  }
  showAll()
  addEventListener('input', translate)
  addEventListener('htmx:after:swap', showAll)
}

// Offers the download of media that this browser cannot play.
{
  const check = (media) => {
    const note = media.parentElement?.querySelector('.unplayable')
    if (note)
      note.hidden = !media.error && media.networkState !== HTMLMediaElement.NETWORK_NO_SOURCE
  }
  const checkAll = () => document.querySelectorAll('.media :is(audio, video)').forEach(check)
  checkAll()
  addEventListener('htmx:after:swap', checkAll)
  addEventListener(
    'error',
    ({ target }) => target instanceof HTMLMediaElement && check(target),
    true,
  )
}
