/** The signs between cells that spreadsheets write, the usual one first. */
const delimiters = [',', ';', '\t'] as const

/** The sign that separates the cells of a CSV file: the one that its first line has most of. */
export function delimiterOf(beginning: string): (typeof delimiters)[number] {
  const counts = new Map<string, number>()
  let isQuoted = false
  for (const sign of beginning) {
    if (sign === '"') isQuoted = !isQuoted
    else if (sign === '\n' && !isQuoted) break
    else if (!isQuoted) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  }
  const count = (sign: string) => counts.get(sign) ?? 0
  return delimiters.reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}
