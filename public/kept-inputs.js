// Inputs that were typed and not run survive a reload: they are kept in the session storage of the tab, for the
// model, its version and the address. Files and secrets are not. Beside a result, a notice names the
// inputs that differ from those that made it.
{
  const formOf = () => document.getElementById('prediction-form')
  const controlsOf = (form) =>
    [...form.elements].filter(({ name, type }) => name?.startsWith('input.') && type !== 'submit')
  const isChoice = ({ type }) => type === 'checkbox' || type === 'radio'
  // Where a model takes secrets, a list or JSON may hold one.
  const isTyped = (control) =>
    !['hidden', 'file', 'password'].includes(control.type) &&
    !(formOf().dataset.secrets !== undefined && control.closest('.rows, .json'))

  // As the server sent a control, and as it is now.
  const defaultOf = (control) => {
    if (isChoice(control)) return control.defaultChecked ? control.value : null
    if (!control.options || !control.matches('select')) return control.defaultValue
    return ([...control.options].find((one) => one.defaultSelected) ?? control.options[0])?.value
  }
  const currentOf = (control) => (isChoice(control) && !control.checked ? null : control.value)

  const valuesOf = (controls, read) => {
    const values = {}
    for (const control of controls) {
      const value = read(control)
      if (value !== null) values[control.name] = [...(values[control.name] ?? []), value]
    }
    return values
  }
  const snapshot = (form, read) => ({
    all: valuesOf(controlsOf(form), read),
    typed: valuesOf(controlsOf(form).filter(isTyped), read),
  })
  const differing = (a, b) =>
    Object.keys({ ...a, ...b }).filter((name) => String(a[name]) !== String(b[name]))

  let opened = null
  let sent = null
  let discards = false
  const keyOf = ({ elements: { model, version } }) =>
    `typed ${model.value} ${version.value} ${location.pathname}${location.search}`

  const keep = () => {
    const form = formOf()
    if (!form || !opened || form.elements.json || discards) return
    const { typed } = snapshot(form, currentOf)
    const changed = differing(typed, opened.typed).map((name) => [name, typed[name] ?? []])
    try {
      if (changed.length === 0) sessionStorage.removeItem(keyOf(form))
      else sessionStorage.setItem(keyOf(form), JSON.stringify(changed))
    } catch {
      // The storage is full, or switched off.
    }
  }

  const fill = (controls, values) => {
    for (const [index, control] of controls.entries()) {
      if (isChoice(control)) control.checked = values.includes(control.value)
      else if (values[index] !== undefined) control.value = values[index]
      control.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }

  const restore = (form) => {
    const kept = sessionStorage.getItem(keyOf(form))
    if (!kept) return
    const controls = controlsOf(form).filter(isTyped)
    for (const [name, values] of JSON.parse(kept))
      fill(
        controls.filter((control) => control.name === name),
        values,
      )
    document.getElementById('restored').hidden = false
  }

  const compare = () => {
    const form = formOf()
    const notice = document.getElementById('inputs-changed')
    if (!form || !notice || !opened || form.elements.json) return
    const names = differing(snapshot(form, currentOf).all, opened.all)
    notice.hidden = names.length === 0
    notice.querySelector('[data-names]').textContent = names
      .map((name) => name.slice('input.'.length))
      .join(', ')
  }

  if (formOf()) {
    // At another address than the page was opened at, a run was quicker than this script.
    const [{ name: openedAt }] = performance.getEntriesByType('navigation')
    const isAsSent = new URL(openedAt).search === location.search
    opened = snapshot(formOf(), isAsSent ? defaultOf : currentOf)
    try {
      restore(formOf())
    } catch {
      // The storage is switched off.
    }
    compare()
  }

  for (const sign of ['input', 'change', 'htmx:after:swap']) addEventListener(sign, compare)
  addEventListener('pagehide', keep)
  addEventListener('visibilitychange', () => document.hidden && keep())
  addEventListener('pageshow', () => {
    discards = false
  })
  addEventListener('click', ({ target }) => {
    const discard = target.closest?.('[data-discards]')
    if (!discard) return
    discards = true
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith('typed ')) sessionStorage.removeItem(key)
    // Browsers fill in a form again when a page is reloaded, and not when it is opened.
    if (discard.matches('button')) location.replace(location.pathname + location.search)
  })

  // The inputs that were run are those that the next result is compared with.
  addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    // After htmx sent them.
    if (ctx.sourceElement === formOf())
      queueMicrotask(() => {
        sent = snapshot(formOf(), currentOf)
      })
  })
  addEventListener('sandpit:run', () => {
    sessionStorage.removeItem(keyOf(formOf()))
    opened = sent
    document.getElementById('restored').hidden = true
  })
}
