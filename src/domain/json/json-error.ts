import { JsonPastBounds } from './bounds.ts'
import { shortened } from './excerpt.ts'

/** One sentence saying why typed JSON could not be parsed. */
export function jsonErrorSentence(typed: string, error: unknown): string {
  if (error instanceof JsonPastBounds) {
    const where = error.path.join('.')
    return where === '' ? error.message : `“${shortened(where)}”: ${error.message}`
  }
  return `This is not valid JSON: ${placeOfError(typed.replace(/^\uFEFF/, ''))}.`
}

/** In a longer text, the search for the error would take too long. */
const longestSearched = 500_000

/** Line and column of the first character with which the text can no longer become JSON. */
function placeOfError(typed: string): string {
  if (typed.length > longestSearched) return 'the error is too far in to locate'
  let good = 0
  let bad = typed.length + 1
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (canBecomeJson(typed.slice(0, middle))) good = middle
    else bad = middle
  }
  const before = typed.slice(0, good).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** Whether a text is the beginning of JSON: the engine then reports no error before its end. */
function canBecomeJson(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const position = /at position (\d+)/.exec(message)?.[1]
    return position === undefined
      ? /end of JSON input/.test(message)
      : Number(position) >= start.length
  }
}
