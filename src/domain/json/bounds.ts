/**
 * What others may write in one piece of JSON, and in one form: see docs/decisions/017-bounds-of-requests.md.
 * @module
 */

/**
 * What comes from outside nests no deeper. All that is done with JSON takes some stack for each
 * level, and the greediest of it has enough for twice this many.
 */
export const mostLevels = 500

/**
 * The digits of a number. Python converts no longer integer, so no model written in it could read
 * one: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
 */
export const mostDigits = 4_300

/** The values in one piece of JSON, whatever they are in. */
export const mostValues = 50_000

/** The names in one piece of JSON: each takes as long as several items of a list. */
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
    super(boundSentences[bound])
    this.bound = bound
    this.path = path
  }
}

export type JsonPath = readonly (string | number)[]

const boundSentences: Readonly<Record<JsonBound, string>> = {
  levels: `This is nested too deeply. The maximum is ${mostLevels} levels.`,
  digits: `This number is too large. Use at most ${grouped(mostDigits)} digits.`,
  values: `This has too many values. Use at most ${grouped(mostValues)}.`,
  names: `This has too many names. Use at most ${grouped(mostNames)}.`,
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** How far the text is read. */
export interface JsonLimits {
  readonly levels?: number
  readonly values?: number
  readonly names?: number
  /** How to read a number that has too many digits, or is too large for a double. */
  readonly longNumbers?: 'as text' | 'refuse'
}

/** Whether a value nests deeper than JSON from outside may: one that came as anything but a text. */
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
 * Counts what a text would become before it is parsed, no further than to the first bound. Answers
 * whether it may hold a number that a double does not: its texts are passed over.
 */
export function checkBounds(
  text: string,
  { levels = mostLevels, values = Infinity, names = Infinity }: JsonLimits,
): boolean {
  const left = { levels, values, names }
  const number = { digits: 0, isFraction: false, mayBeLong: false }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x30 && unit <= 0x39)
      number.mayBeLong ||= ++number.digits === 16 && !number.isFraction
    else {
      if (unit === 0x22) at = endOfText(text, at)
      else if (unit === 0x2c) spend(left, 'values')
      else if (unit === 0x3a) spend(left, 'names')
      else if (unit === 0x5b || unit === 0x7b) {
        spend(left, 'values')
        spend(left, 'levels')
      } else if (unit === 0x5d || unit === 0x7d) left.levels++
      // The e of true and false stands after no digit.
      else if (unit === 0x65 || unit === 0x45)
        number.mayBeLong ||= number.digits > 0 && text[at + 1] !== '-'
      number.isFraction = unit === 0x2e
      number.digits = 0
    }
  }
  return number.mayBeLong
}

type Counted = Exclude<JsonBound, 'digits'>

function spend(left: Record<Counted, number>, bound: Counted) {
  if (--left[bound] < 0) throw new JsonPastBounds(bound)
}

/** Where the text literal that begins at `start` ends. */
export function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text.charCodeAt(before - 1) === 0x5c) before--
    if ((end - before) % 2 === 0) return end
  }
  return text.length
}
