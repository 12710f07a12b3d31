import { isList, isObject, type Json, type JsonObject } from './json.ts'

/**
 * Whether some value in a JSON value is what is looked for: itself first, then all that is in it, in
 * the order of the text. `level` counts the lists and objects around it. Takes no stack, however deep.
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

/** Every text in a value, in order. Names of members are none. */
export function stringsIn(json: Json): string[] {
  const strings: string[] = []
  forEachValue(json, (value) => {
    if (typeof value === 'string') strings.push(value)
  })
  return strings
}

/** Any value that holds no others. */
export type JsonLeaf = Exclude<Json, object> | null

/**
 * A value with something in place of each value in it that holds no others. Takes a call for each
 * level: JSON that was parsed has no more than `mostLevels`.
 */
export function mapLeaves(json: JsonObject, change: (leaf: JsonLeaf) => Json): JsonObject
export function mapLeaves(json: Json, change: (leaf: JsonLeaf) => Json): Json
export function mapLeaves(json: Json, change: (leaf: JsonLeaf) => unknown): unknown
export function mapLeaves(json: Json, change: (leaf: JsonLeaf) => unknown): unknown {
  if (isList(json)) {
    // Loops, not callbacks: those would take a second call for each level.
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

/** A value with another text, or another value, in place of each text in it. */
export function mapStrings(json: JsonObject, change: (text: string) => Json): JsonObject
export function mapStrings(json: Json, change: (text: string) => Json): Json
export function mapStrings(json: Json, change: (text: string) => unknown): unknown
export function mapStrings(json: Json, change: (text: string) => unknown): unknown {
  return mapLeaves(json, (leaf) => (typeof leaf === 'string' ? change(leaf) : leaf))
}
