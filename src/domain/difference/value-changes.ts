import { isList, isObject, type Json, sameJson } from '../json/json.ts'

/** A value that differs between two JSON values. */
export interface ValueChange {
  /** Where it is: `rows[3].name`. */
  readonly path: string
  /** Undefined where there is no such value. */
  readonly before: Json | undefined
  readonly after: Json | undefined
}

export interface ValueChanges {
  /** In the order of the values, the first of them. */
  readonly changes: readonly ValueChange[]
  /** Whether there may be more. */
  readonly more: boolean
}

/** The most values that are compared. */
const mostCompared = 100_000

/**
 * Where two JSON values differ, by path: objects by the names of their members, lists by position. At most `most`
 * of them.
 */
export function valueChanges(before: Json, after: Json, most: number): ValueChanges {
  const changes: ValueChange[] = []
  const rest: ValueChange[] = [{ path: '', before, after }]
  let left = mostCompared
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (changes.length === most || left-- <= 0) return { changes, more: true }
    const within = membersOf(next, left)
    if (within === null) {
      if (!isSame(next)) changes.push(next)
    } else for (const member of within.reverse()) rest.push(member)
  }
  return { changes, more: false }
}

function isSame({ before, after }: ValueChange): boolean {
  return before !== undefined && after !== undefined && sameJson(before, after)
}

/** The members of two values side by side; null when they are compared as they are. */
function membersOf({ path, before, after }: ValueChange, most: number): ValueChange[] | null {
  if (isList(before) && isList(after)) {
    const length = Math.min(most, Math.max(before.length, after.length))
    return Array.from({ length }, (_, at) => ({
      path: `${path}[${at}]`,
      before: before[at],
      after: after[at],
    }))
  }
  if (!isObject(before) || !isObject(after)) return null
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const own = (json: typeof before, name: string) =>
    Object.hasOwn(json, name) ? json[name] : undefined
  return [...names].map((name) => ({
    path: path + memberPath(name, path === ''),
    before: own(before, name),
    after: own(after, name),
  }))
}

function memberPath(name: string, isFirst: boolean): string {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `[${JSON.stringify(name)}]`
  return isFirst ? name : `.${name}`
}
