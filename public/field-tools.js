// Opens a tool that makes a file for a field: to draw a mask, or to record. Its script is loaded when
// it is first used. When the form is sent meanwhile, the tool finishes first.
{
  const finishers = new Map()
  fileFields.open = async (field, button) => {
    if (button.ariaBusy) return
    button.ariaBusy = 'true'
    const trouble = field.querySelector('[data-trouble]')
    trouble.hidden = true
    const tool = partOf(button.dataset.tool)
    const legend = tool.querySelector('legend')
    const input = field.querySelector('[type=file]').name.replace('input.', '')
    if (legend) legend.textContent = legend.textContent.replace('{input}', input)
    const close = () => {
      const isFocused = tool.contains(document.activeElement)
      finishers.delete(tool)
      tool.remove()
      button.hidden = false
      if (isFocused) (field.querySelector('[data-drops]') ?? button).focus()
    }
    const tell = (fault) => {
      trouble.textContent = toolTroubles[fault]
      trouble.hidden = false
    }
    const made = {
      field,
      tool,
      button,
      tell,
      close,
      give: (file) => fileFields.give(field, [file]),
    }
    const script = await import(button.dataset.opens).catch(() => null)
    const finish = script ? await script.open(made) : tell('unloaded')
    button.ariaBusy = null
    if (!finish) return
    finishers.set(tool, finish)
    field.prepend(tool)
    button.hidden = true
    tool.querySelector('button, input').focus()
  }
  document.addEventListener(
    'submit',
    async (event) => {
      const open = [...finishers].filter(([tool]) => event.target.contains(tool))
      if (!open[0]) return
      event.preventDefault()
      event.stopImmediatePropagation()
      for (const [tool, finish] of open) {
        finishers.delete(tool)
        await finish()
      }
      event.target.requestSubmit(event.submitter)
    },
    true,
  )
}
