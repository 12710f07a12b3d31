/** Any JSON value. A `bigint` stands for an integer that a double cannot hold: no digit is lost. */
export type Json = string | number | boolean | bigint | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/**
 * What comes from outside nests no deeper. All that is done with JSON takes some stack for each
 * level, and the greediest of it has enough for twice this many.
 */
export const mostLevels = 500

/** A text that nests too deep to be read. */
export class JsonTooDeep extends SyntaxError {
  override readonly name = 'JsonTooDeep'
}

const longDigits = /\d{16}/

/**
 * Parses JSON text: the one way in for all that others write. Integers beyond ±2⁵³ come back as
 * `bigint`. Throws `SyntaxError` as `JSON.parse` does, and `JsonTooDeep` past so many levels.
 */
export function parseJson(text: string, levels = mostLevels): Json {
  if (textNestsTooDeep(text, levels)) throw new JsonTooDeep(`It nests deeper than ${levels} levels`)
  return longDigits.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

/** Writes JSON text; a `bigint` is written as the integer it is. */
export function formatJson(value: Json, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => (typeof item === 'bigint' ? rawJson(item) : item),
    indent,
  )
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
  return a === b || canonicalJson(a) === canonicalJson(b)
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

function keepDigits(_key: string, value: Json, context?: { source?: string }): Json {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source && /^-?\d+$/.test(source) ? BigInt(source) : value
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

function textNestsTooDeep(text: string, levels: number): boolean {
  if (text.length <= levels) return false
  let level = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) at = endOfText(text, at)
    else if (unit === 0x5b || unit === 0x7b) {
      if (++level > levels) return true
    } else if (unit === 0x5d || unit === 0x7d) level--
  }
  return false
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
