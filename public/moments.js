// Converts times from the server’s time zone to the reader’s.
{
  // Made when one is needed: the first takes a browser several milliseconds.
  const formats = {}
  const styles = {
    time: { timeStyle: 'short' },
    day: { dateStyle: 'long' },
    both: { dateStyle: 'long', timeStyle: 'short' },
    whole: { dateStyle: 'full', timeStyle: 'long' },
  }
  const shown = (style, moment) => {
    formats[style] ??= new Intl.DateTimeFormat('en-GB', styles[style])
    return formats[style].format(moment)
  }

  const localise = () => {
    for (const time of document.querySelectorAll('time[data-shows]')) {
      const moment = new Date(time.dateTime)
      time.textContent = shown(time.dataset.shows, moment)
      time.title = shown('whole', moment)
      time.removeAttribute('data-shows')
    }
  }

  // In the reader’s time zone it may be another day.
  for (const history of document.querySelectorAll('.history:has(> h2 + ol)')) {
    const [head, list] = history.children
    const dayOf = (row) => shown('day', new Date(row.querySelector('time').dateTime))
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
    note.textContent = note.hidden ? '' : `${shown('both', moment)} where you are.`
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
