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
