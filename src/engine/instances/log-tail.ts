/** How much of a log is kept, in UTF-16 units. */
const mostUnits = 2 ** 16

/** The last lines of a log. */
export function createLogTail() {
  const lines: string[] = []
  let units = 0
  let from = 0

  return {
    add(text: string): void {
      const line = text.slice(-mostUnits)
      lines.push(line)
      units += line.length + 1
      while (units > mostUnits && from < lines.length - 1) {
        units -= (lines[from]?.length ?? 0) + 1
        from++
      }
      // Lines that are left out go many at a time.
      if (from < 1_000) return
      lines.splice(0, from)
      from = 0
    },
    text: (): string => lines.slice(from).join('\n'),
    /** The last line that says something; empty when there is none. */
    last: (): string =>
      lines
        .slice(from)
        .findLast((line) => line.trim() !== '')
        ?.trim() ?? '',
  }
}
