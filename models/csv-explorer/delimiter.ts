const delimiters = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const

type Name = keyof typeof delimiters

const linesLookedAt = 50

/** The delimiter: the given one, or the one that the first lines use. */
export function delimiterOf(wanted: 'auto' | Name, start: string) {
  const name = wanted === 'auto' ? mostEven(linesOf(start)) : wanted
  return { name, character: delimiters[name] }
}

/** The one that is in most lines as often as in the first, and often. Quoted text does not count. */
function mostEven(lines: readonly string[]): Name {
  const names = Object.keys(delimiters) as Name[]
  const scores = names.map((name) => {
    const counts = lines.map((line) => line.split(delimiters[name]).length - 1)
    const [first = 0] = counts
    const alike = counts.filter((count) => count === first).length
    return { name, score: first === 0 ? 0 : alike / lines.length + first / 1000 }
  })
  return scores.reduce((best, next) => (next.score > best.score ? next : best)).name
}

function linesOf(start: string): string[] {
  const lines = start
    .replace(/"(?:[^"]|"")*"/g, '""')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
  // The last may be cut off.
  return lines.length > 1 ? lines.slice(0, -1).slice(0, linesLookedAt) : lines
}
