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
import { isList, isObject, type Json, type JsonObject } from './json.ts'

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
