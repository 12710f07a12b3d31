// Appends to growing text instead of replacing it, which keeps the selection and the scroll position
// of readers.
{
  const soleText = ({ childNodes: [first, ...others] }) =>
    others.length === 0 && first?.nodeType === 3 ? first : null

  // How much was cut from the start: of a long text the end is shown.
  const shift = (before, after) => {
    if (after.startsWith(before)) return 0
    const mark = after.slice(0, 64)
    for (let at = before.indexOf(mark); at >= 0 && mark; at = before.indexOf(mark, at + 1))
      if (after.startsWith(before.slice(at))) return at
    return -1
  }

  // Browsers round a scroll position to whole pixels. The rest is kept for the next change:
  // otherwise a reader would move by some pixels every few dozen lines.
  const rests = new WeakMap()
  const scrollBy = (scroller, pixels) => {
    const wanted = scroller.scrollTop + pixels + (rests.get(scroller) ?? 0)
    scroller.scrollTop = wanted
    rests.set(scroller, wanted - scroller.scrollTop)
  }

  htmx.registerExtension('growing-text', {
    htmx_before_morph_node: (element, { oldNode, newNode }) => {
      const text = soleText(oldNode)
      const next = soleText(newNode)?.data
      if (!text || next === undefined || text.data === next) return
      const gone = shift(text.data, next)
      if (gone < 0) return
      const log = element.closest('pre')
      const isUp = log ? log.scrollTop < -1 : gone > 0 && element.getBoundingClientRect().top < 0
      const scroller = log ?? document.scrollingElement
      // Ranges of the selection move with their text.
      const last = document.createRange()
      last.setStart(text, Math.max(gone, text.length - 1))
      last.setEnd(text, text.length)
      const bottom = isUp && last.getBoundingClientRect().bottom
      text.appendData(next.slice(text.length - gone))
      text.deleteData(0, gone)
      if (isUp) scrollBy(scroller, last.getBoundingClientRect().bottom - bottom)
    },
  })
}
