import { mostNames } from './bounds.ts'
import { isList, isObject, type Json, type JsonObject } from './json.ts'

/**
 * Whether `is` holds for some value in a JSON value: first for itself, then for its contents in the
 * order of the text. `level` counts the lists and objects around a value. Not recursive, so that
 * any depth is safe.
 */
export function someValue(json: Json, is: (value: Json, level: number) => boolean): boolean {
  const around: { readonly members: readonly Json[]; next: number }[] = []
  let value = json
  for (;;) {
    if (is(value, around.length)) return true
    if (typeof value === 'object' && value !== null)
      around.push({ members: isList(value) ? value : Object.values(value), next: 0 })
    let inner = around.at(-1)
    while (inner && inner.next === inner.members.length) {
      around.pop()
      inner = around.at(-1)
    }
    if (!inner) return false
    value = inner.members[inner.next++] ?? null
  }
}

/** Calls `each` for every value, in the same order. */
export function forEachValue(json: Json, each: (value: Json, level: number) => void): void {
  someValue(json, (value, level) => {
    each(value, level)
    return false
  })
}

/** Every string in a value, in order, without the names of members. */
export function stringsIn(json: Json): string[] {
  const strings: string[] = []
  forEachValue(json, (value) => {
    if (typeof value === 'string') strings.push(value)
  })
  return strings
}

/** A value that is neither a list nor an object. */
export type JsonLeaf = Exclude<Json, object> | null

/**
 * A copy of a value with its leaves changed. Recursive: parsed JSON has at most `mostLevels`
 * levels.
 */
export function mapLeaves(json: JsonObject, change: (leaf: JsonLeaf) => Json): JsonObject
export function mapLeaves(json: Json, change: (leaf: JsonLeaf) => Json): Json
export function mapLeaves(json: Json, change: (leaf: JsonLeaf) => unknown): unknown
export function mapLeaves(json: Json, change: (leaf: JsonLeaf) => unknown): unknown {
  if (isList(json)) {
    // Loops, as callbacks would take a second stack frame for each level.
    const items: unknown[] = []
    for (const item of json) items.push(mapLeaves(item, change))
    return items
  }
  if (isObject(json)) {
    const members: [string, unknown][] = []
    for (const [name, member] of Object.entries(json))
      members.push([name, mapLeaves(member, change)])
    return Object.fromEntries(members)
  }
  return change(json)
}

/** A copy of a value with its strings changed. */
export function mapStrings(json: JsonObject, change: (text: string) => Json): JsonObject
export function mapStrings(json: Json, change: (text: string) => Json): Json
export function mapStrings(json: Json, change: (text: string) => unknown): unknown
export function mapStrings(json: Json, change: (text: string) => unknown): unknown {
  return mapLeaves(json, (leaf) => (typeof leaf === 'string' ? change(leaf) : leaf))
}

/** A value with its first values, about `most` in the order of the text, each as it is or shorter. */
export function firstValues(json: Json, most: number): Json {
  let left = most
  function first(value: Json): Json {
    left--
    if (isList(value)) {
      const items: Json[] = []
      for (const item of value) {
        if (left <= 0) break
        items.push(first(item))
      }
      return items
    }
    if (!isObject(value)) return value
    const members: [string, Json][] = []
    for (const name of Object.keys(value)) {
      if (left <= 0) break
      members.push([name, first(value[name] ?? null)])
    }
    return Object.fromEntries(members)
  }
  return first(json)
}

/** The surcharge for an object with more names than a request may have, in characters. */
const manyNamesUnits = 2 ** 20

/** The approximate length of a value's JSON text. Counting stops just past `most`. */
export function jsonLength(value: Json, most: number): number {
  return counted(value, most, 0)
}

/** The same with a surcharge for objects with very many names, which take long to parse. */
export function jsonReadCost(value: Json, most: number): number {
  return counted(value, most, manyNamesUnits)
}

function counted(value: Json, most: number, perManyNames: number): number {
  const rest: Json[] = [value]
  let units = 0
  while (rest.length > 0) {
    const next = rest.pop()
    units += typeof next === 'string' || isList(next) ? next.length + 2 : 2
    if (units > most) break
    if (isList(next)) for (const item of next) rest.push(item)
    else if (isObject(next)) {
      const members = Object.entries(next)
      if (members.length > mostNames) units += perManyNames
      for (const [name, item] of members) {
        units += name.length + 3
        rest.push(item)
      }
    }
  }
  return units
}
