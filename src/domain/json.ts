/** Any JSON value. A `bigint` stands for an integer that a double cannot hold: no digit is lost. */
export type Json = string | number | boolean | bigint | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

const longDigits = /\d{16}/

/** Parses JSON text; integers beyond ±2⁵³ come back as `bigint`. Throws `SyntaxError` as `JSON.parse` does. */
export function parseJson(text: string): Json {
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
