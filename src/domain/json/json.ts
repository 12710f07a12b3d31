import {
  checkBounds,
  endOfText,
  type JsonLimits,
  JsonPastBounds,
  type JsonPath,
  mostDigits,
  mostLevels,
  mostNames,
  mostValues,
} from './bounds.ts'

/** Any JSON value. A `bigint` stands for an integer that a double cannot hold: no digit is lost. */
export type Json = string | number | boolean | bigint | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
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

/**
 * With more indentation than this, the text is not indented: 100 KB of deep and wide JSON became 50
 * MB.
 */
const mostIndentation = 2 ** 18

/** Writes JSON text. A `bigint` is written as an integer. */
export function formatJson(value: Json, indent?: number): string {
  const step = indent && indentationFits(value, indent, mostIndentation) ? indent : undefined
  try {
    return JSON.stringify(value, undefined, step)
  } catch {
    // It contains a `bigint`. A replacer function takes ten times as long.
    const written = (_key: string, item: Json) => (typeof item === 'bigint' ? rawJson(item) : item)
    return JSON.stringify(value, written, step)
  }
}

/** Whether the indented text of a value has at most `most` characters of indentation. */
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

/** The same text for equal values, whatever the order their keys were written in. */
export function canonicalJson(value: Json): string {
  return formatJson(sorted(value))
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]))
}

/** `JSON.rawJSON` is in Node 24 and not yet in TypeScript's library. */
function rawJson(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString())
}

/**
 * Parses JSON text from outside. Integers beyond ±2⁵³ are returned as `bigint`; a number that is
 * too long, or too large for a double, as its text, so that no digit is lost. Throws `SyntaxError`
 * as `JSON.parse` does, and `JsonPastBounds`.
 */
export function parseJson(text: string, limits: JsonLimits = {}): Json {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text
  if (!checkBounds(plain, limits)) return JSON.parse(plain)
  return limits.longNumbers === 'refuse' ? parseRefusing(plain, limits) : JSON.parse(plain, kept)
}

/** Parses JSON as Python writes it: `NaN` and infinities are returned as their text. */
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

/** Parses JSON from a request, within all bounds, so that no request takes long. */
export function parseRequest(text: string, levels = mostLevels): Json {
  return parseJson(text, { levels, values: mostValues, names: mostNames, longNumbers: 'refuse' })
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

/** Marks a number that is too long, until its path is found. */
const tooLong: JsonObject = {}

/**
 * How many values a `bigint` counts for: to read and write it takes time in the square of its
 * digits.
 */
function valuesForDigits(digits: number): number {
  return 4 + digits ** 2 / 10_000
}

function parseRefusing(text: string, { values = Number.POSITIVE_INFINITY }: JsonLimits): Json {
  let left = values
  let refused = false
  const json: Json = JSON.parse(text, (key, value: Json, context?: Source) => {
    const read = kept(key, value, context)
    if (typeof read === 'bigint') {
      left -= valuesForDigits(context?.source?.length ?? 0)
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
