import { shortened } from '../json/excerpt.ts'
import { isList, isObject, type Json, type JsonObject, sameJson } from '../json/json.ts'

/** A value that differs between two JSON values. */
export interface ValueChange {
  /** Where it is: `rows[3].name`. Of a long one the end. */
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

/** The values that are compared in a millisecond or less. */
const comparedInStep = 500

/** The longest path, and the longest name within it, in UTF-16 units. */
const longest = { path: 300, name: 80 }

/**
 * Where two JSON values differ, by path: objects by the names of their members, lists by position. At most `most`
 * of them. Yields now and then, as large values take long.
 */
export function* valueChanges(
  before: Json,
  after: Json,
  most: number,
): Generator<undefined, ValueChanges> {
  const changes: ValueChange[] = []
  const around: Members[] = []
  const compare = (was: Json | undefined, is: Json | undefined) => {
    const members = membersOf(was, is)
    if (members) around.push(members)
    else if (!isSame(was, is)) changes.push({ path: pathTo(around), before: was, after: is })
  }
  compare(before, after)
  let left = mostCompared
  for (let inner = around.at(-1); inner; inner = around.at(-1)) {
    if (inner.next === inner.count) {
      around.pop()
      continue
    }
    if (changes.length === most || left-- === 0) return { changes, more: true }
    const at = inner.next++
    compare(inner.before(at), inner.after(at))
    if (left % comparedInStep === 0) yield
  }
  return { changes, more: false }
}

function isSame(before: Json | undefined, after: Json | undefined): boolean {
  return before !== undefined && after !== undefined && sameJson(before, after)
}

/** The members of two values side by side. */
interface Members {
  readonly count: number
  /** The one to compare next. */
  next: number
  readonly before: (at: number) => Json | undefined
  readonly after: (at: number) => Json | undefined
  /** The last part of the path of one. */
  readonly name: (at: number) => string
}

/** Null when two values are compared as they are. */
function membersOf(before: Json | undefined, after: Json | undefined): Members | null {
  if (isList(before) && isList(after))
    return {
      count: Math.max(before.length, after.length),
      next: 0,
      before: (at) => before[at],
      after: (at) => after[at],
      name: (at) => `[${at}]`,
    }
  if (!isObject(before) || !isObject(after)) return null
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name))
  const names = [...Object.keys(before), ...added]
  const member = (of: JsonObject) => (at: number) => {
    const name = names[at] ?? ''
    return Object.hasOwn(of, name) ? of[name] : undefined
  }
  return {
    count: names.length,
    next: 0,
    before: member(before),
    after: member(after),
    name: (at) => memberPath(names[at] ?? ''),
  }
}

/** The path to the member that is compared, from its end. */
function pathTo(around: readonly Members[]): string {
  let path = ''
  for (const { name, next } of around.toReversed()) {
    path = name(next - 1) + path
    if (path.length > longest.path) return `…${path.slice(-longest.path).toWellFormed()}`
  }
  return path.startsWith('.') ? path.slice(1) : path
}

function memberPath(name: string): string {
  const shown = shortened(name, longest.name)
  return /^[A-Za-z_][\w-]*$/.test(shown) ? `.${shown}` : `[${JSON.stringify(shown)}]`
}
