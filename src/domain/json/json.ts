import { mostDigits, mostLevels, mostNames, mostValues } from './bounds.ts'

/** Any JSON value. A `bigint` stands for an integer that a double cannot hold: no digit is lost. */
export type Json = string | number | boolean | bigint | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** Which bound a text goes past. */
export type JsonBound = 'levels' | 'digits' | 'values' | 'names'

/** A text that goes past a bound of what is read. Its message says so, to whoever wrote it. */
export class JsonPastBounds extends SyntaxError {
  override readonly name = 'JsonPastBounds'
  readonly bound: JsonBound
  /** Where, as far as that is told. */
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
  /** What becomes of a number that has more digits than are read, or is too large for a double. */
  readonly longNumbers?: 'as text' | 'refuse'
}

/**
 * Parses JSON text: the one way in for all that others write. Integers beyond ±2⁵³ come back as
 * `bigint`; a number that is too long, or too large for a double, as the text it was written as, so
 * that nothing of it is lost. Throws `SyntaxError` as `JSON.parse` does, and `JsonPastBounds`.
 */
export function parseJson(text: string, limits: JsonLimits = {}): Json {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text
  if (!checkBounds(plain, limits)) return JSON.parse(plain)
  return limits.longNumbers === 'refuse' ? parseRefusing(plain, limits) : JSON.parse(plain, kept)
}

/**
 * Parses what Python writes as JSON, `NaN` and infinities included: each comes back as the text it was
 * written as.
 */
export function parsePythonJson(text: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonPastBounds || !/NaN|Infinity/.test(text)) throw error
    return parseJson(withQuotedNumbers(text))
  }
}

/** Quotes the numbers that JSON does not have. */
function withQuotedNumbers(text: string): string {
  const token = /"|-?(?:NaN|Infinity)/g
  const pieces: string[] = []
  let from = 0
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (found[0] === '"') token.lastIndex = endOfText(text, found.index) + 1
    else {
      pieces.push(text.slice(from, found.index), `"${found[0]}"`)
      from = token.lastIndex
    }
  }
  return [...pieces, text.slice(from)].join('')
}

/** Parses JSON that somebody sends us: within all bounds, so that no request takes long. */
export function parseRequest(text: string, levels = mostLevels): Json {
  return parseJson(text, { levels, values: mostValues, names: mostNames, longNumbers: 'refuse' })
}

/**
 * Indentation that takes more than this is left out. A small text may be deep and wide at once: 100 KB
 * of it became 50 MB.
 */
const mostIndentation = 2 ** 18

/** Writes JSON text; a `bigint` is written as the integer it is. */
export function formatJson(value: Json, indent?: number): string {
  const step = indent && indentationFits(value, indent, mostIndentation) ? indent : undefined
  try {
    return JSON.stringify(value, undefined, step)
  } catch {
    // It holds a `bigint`, then: asking about each value takes ten times as long.
    const written = (_key: string, item: Json) => (typeof item === 'bigint' ? rawJson(item) : item)
    return JSON.stringify(value, written, step)
  }
}

/** Whether a value on lines of its own has no more than `most` characters of indentation. */
export function indentationFits(value: Json, step: number, most: number): boolean {
  const rest: { readonly value: Json; readonly level: number }[] = [{ value, level: 1 }]
  let left = most
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value: around, level } = next
    const members = isList(around) ? around : isObject(around) ? Object.values(around) : []
    left -= members.length * (1 + level * step)
    if (left < 0) return false
    for (const member of members)
      if (typeof member === 'object' && member !== null)
        rest.push({ value: member, level: level + 1 })
  }
  return true
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** The same text for equal values, whatever the order their keys were written in. */
export function canonicalJson(value: Json): string {
  return formatJson(sorted(value))
}

export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (isList(a)) return isList(b) && a.length === b.length && a.every((one, at) => same(one, b[at]))
  if (isObject(a)) return isObject(b) && sameMembers(a, b)
  // The same integer may be a `bigint` on one side and a number on the other.
  return isNumber(a) && isNumber(b) && String(a) === String(b)
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && sameJson(a, b)
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a)
  if (Object.keys(b).length !== names.length) return false
  return names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
}

function isNumber(json: Json): json is number | bigint {
  return typeof json === 'number' || typeof json === 'bigint'
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

interface Source {
  readonly source?: string
}

function kept(_key: string, value: Json, context?: Source): Json {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  if (source === undefined) return value
  const digits = /^-?(\d+)$/.exec(source)?.[1]
  if (digits === undefined) return Number.isFinite(value) ? value : source
  return digits.length > mostDigits ? source : BigInt(source)
}

/** Stands for a number that is too long, until it is said where it is. */
const tooLong: JsonObject = {}

/**
 * As how many values an integer counts that a double does not hold: reading and writing one takes
 * the square of its digits.
 */
function weightOf(digits: number): number {
  return 4 + digits ** 2 / 10_000
}

function parseRefusing(text: string, { values = Number.POSITIVE_INFINITY }: JsonLimits): Json {
  let left = values
  let refused = false
  const json: Json = JSON.parse(text, (key, value: Json, context?: Source) => {
    const read = kept(key, value, context)
    if (typeof read === 'bigint') {
      left -= weightOf(context?.source?.length ?? 0)
      if (left < 0) throw new JsonPastBounds('values')
    }
    if (typeof value !== 'number' || typeof read !== 'string') return read
    refused = true
    return tooLong
  })
  if (refused) throw new JsonPastBounds('digits', pathOf(tooLong, json))
  return json
}

function pathOf(wanted: Json, json: Json): JsonPath {
  const rest: { readonly value: Json; readonly path: JsonPath }[] = [{ value: json, path: [] }]
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, path } = next
    if (value === wanted) return path
    if (isList(value))
      value.forEach((item, at) => void rest.push({ value: item, path: [...path, at] }))
    else if (isObject(value))
      for (const [name, item] of Object.entries(value))
        rest.push({ value: item, path: [...path, name] })
  }
  return []
}

/** `JSON.rawJSON` is in Node 24 and not yet in TypeScript's library. */
function rawJson(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString())
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
function checkBounds(
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
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text.charCodeAt(before - 1) === 0x5c) before--
    if ((end - before) % 2 === 0) return end
  }
  return text.length
}
