import { isList, isObject, type Json } from './json.ts'

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
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

/** `JSON.rawJSON` is in Node 24 and not yet in TypeScript's library. */
function rawJson(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString())
}
