/** The word of a text that a word with typing errors stands for; null when none is near enough. */
export function similarWord(typed: string, words: readonly string[]): string | null {
  const most = mostErrors(typed)
  if (most === 0) return null
  let nearest: string | null = null
  let least = most + 1
  for (const word of words) {
    const errors = errorsWithin(typed, word, least - 1)
    if (errors !== null) {
      least = errors
      nearest = word
    }
    if (least === 0) break
  }
  return nearest
}

const longestWord = 40

/** One error in a word of four characters, two in one of eight. */
function mostErrors({ length }: string): number {
  if (length < 4 || length > longestWord) return 0
  return length < 8 ? 1 : 2
}

/**
 * How many characters are added, left out, replaced or swapped with their neighbour (the optimal string
 * alignment distance); null when these are more than `most`.
 */
function errorsWithin(typed: string, word: string, most: number): number | null {
  if (most < 0 || Math.abs(typed.length - word.length) > most) return null
  let before: number[] = []
  let previous = Array.from({ length: word.length + 1 }, (_, at) => at)
  for (let row = 1; row <= typed.length; row++) {
    const current = nextRow(typed, word, row, previous, before)
    if (Math.min(...current) > most) return null
    before = previous
    previous = current
  }
  const errors = previous[word.length] ?? Number.POSITIVE_INFINITY
  return errors <= most ? errors : null
}

function nextRow(
  typed: string,
  word: string,
  row: number,
  previous: readonly number[],
  before: readonly number[],
): number[] {
  const far = Number.POSITIVE_INFINITY
  const current = [row]
  for (let at = 1; at <= word.length; at++) {
    const differs = typed[row - 1] === word[at - 1] ? 0 : 1
    const swapped = typed[row - 1] === word[at - 2] && typed[row - 2] === word[at - 1]
    current.push(
      Math.min(
        (previous[at] ?? far) + 1,
        (current[at - 1] ?? far) + 1,
        (previous[at - 1] ?? far) + differs,
        swapped ? (before[at - 2] ?? far) + 1 : far,
      ),
    )
  }
  return current
}
