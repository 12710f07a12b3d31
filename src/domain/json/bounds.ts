/**
 * Bounds of untrusted JSON and forms: see docs/decisions/017-bounds-of-requests.md.
 * @module
 */

/** The deepest nesting. Recursive functions over JSON have stack for twice as many levels. */
export const mostLevels = 500

/**
 * The digits of a number: the most that Python converts by default, see
 * https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
 */
export const mostDigits = 4_300

/** The most values in one JSON text. */
export const mostValues = 50_000

/** The most member names in one JSON text: each takes as long as several items of a list. */
export const mostNames = 10_000

/** The most errors that are reported for one request. */
export const mostErrors = 50

/** The bounds of JSON text. */
export type JsonBound = 'levels' | 'digits' | 'values' | 'names'

/** JSON text that exceeds a bound. The message is meant for its author. */
export class JsonPastBounds extends SyntaxError {
  override readonly name = 'JsonPastBounds'
  readonly bound: JsonBound
  /** Where in the text; empty when that is not known. */
  readonly path: JsonPath

  constructor(bound: JsonBound, path: JsonPath = []) {
    super(sentenceOf(bound))
    this.bound = bound
    this.path = path
  }
}

export type JsonPath = readonly (string | number)[]

function sentenceOf(bound: JsonBound): string {
  switch (bound) {
    case 'levels':
      return `This is nested too deeply. The maximum is ${mostLevels} levels.`
    case 'digits':
      return `This number is too large. Use at most ${grouped(mostDigits)} digits.`
    case 'values':
      return `This has too many values. Use at most ${grouped(mostValues)}.`
    case 'names':
      return `This has too many names. Use at most ${grouped(mostNames)}.`
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** The bounds within which a text is read. */
export interface JsonLimits {
  readonly levels?: number
  readonly values?: number
  readonly names?: number
  /** How to read a number that has too many digits, or is too large for a double. */
  readonly longNumbers?: 'as text' | 'refuse'
}

/** Whether a value that was not parsed from text nests deeper than `mostLevels`. */
export function nestsTooDeep(value: unknown): boolean {
  const rest: { readonly value: unknown; readonly level: number }[] = [{ value, level: 0 }]
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (typeof next.value !== 'object' || next.value === null || ArrayBuffer.isView(next.value))
      continue
    const level = next.level + 1
    if (level > mostLevels) return true
    for (const inner of Object.values(next.value)) rest.push({ value: inner, level })
  }
  return false
}

/**
 * Counts levels, values and names before a text is parsed, up to the first bound. Returns whether
 * it may contain a number that a double cannot hold, outside of its strings.
 */
export function checkBounds(
  text: string,
  { levels = mostLevels, values = Infinity, names = Infinity }: JsonLimits,
): boolean {
  // Plain variables: every request and every output passes through here.
  let [leftLevels, leftValues, leftNames] = [levels, values, names]
  let digits = 0
  let isFraction = false
  let mayBeLong = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x30 && unit <= 0x39) {
      digits++
      if (digits === 16 && !isFraction) mayBeLong = true
      continue
    }
    if (unit === 0x22) at = endOfText(text, at)
    else if (unit === 0x2c) leftValues--
    else if (unit === 0x3a) leftNames--
    else if (unit === 0x5b || unit === 0x7b) {
      leftValues--
      leftLevels--
    } else if (unit === 0x5d || unit === 0x7d) leftLevels++
    // The e of true and false stands after no digit.
    else if ((unit === 0x65 || unit === 0x45) && digits > 0 && text[at + 1] !== '-')
      mayBeLong = true
    if (leftValues < 0) throw new JsonPastBounds('values')
    if (leftNames < 0) throw new JsonPastBounds('names')
    if (leftLevels < 0) throw new JsonPastBounds('levels')
    isFraction = unit === 0x2e
    digits = 0
  }
  return mayBeLong
}

/** The end of the string literal that begins at `start`. */
export function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text.charCodeAt(before - 1) === 0x5c) before--
    if ((end - before) % 2 === 0) return end
  }
  return text.length
}
