import type { StoredFile } from '../file/file.ts'
import { isList, isObject, type Json } from '../json/json.ts'
import { jsonLength, jsonReadCost } from '../json/walk.ts'
import { wholeCharacters } from './pieces.ts'
import { tableOf } from './table.ts'

/**
 * The largest output that is kept with its prediction, in UTF-16 units of JSON. A larger one is a
 * file: no page, list, API answer or webhook ever reads or copies it.
 */
export const mostOutputUnits = 2 ** 20

/** A part of an output that is a file, kept with its prediction. */
export interface Excerpt {
  /** The format of the file: plain text, a list as JSON with one item a line, or JSON. */
  readonly form: 'text' | 'list' | 'json'
  /** The beginning of the output, as much as a page shows. */
  readonly head: Json
  /** The last items of a list, as much as a page shows: what is looked at while it grows. */
  readonly tail: readonly Json[]
  /** How many items the list has so far, or members the object, or UTF-16 units the text. */
  readonly length: number
  /** UTF-16 units of the joined items of a list; null if they are not strings. */
  readonly textUnits: number | null
  /** The names of the columns of a list that is a table. */
  readonly columns: readonly string[] | null
  /** The file that holds all of it; null until it is written. */
  readonly ref: string | null
}

export function isLarge(value: Json): boolean {
  return jsonReadCost(value, mostOutputUnits) > mostOutputUnits
}

/** The excerpt of an output that is no list. */
export function excerptOf(value: Exclude<Json, readonly Json[]>): Excerpt {
  const known = { head: headOfValue(value), textUnits: null, columns: null, tail: [], ref: null }
  if (typeof value === 'string')
    return { ...known, form: value.isWellFormed() ? 'text' : 'json', length: value.length }
  return { ...known, form: 'json', length: isObject(value) ? Object.keys(value).length : 1 }
}

/** Totals of a list, most items of which are no longer in memory. */
export interface ListTotals {
  readonly length: number
  readonly textUnits: number | null
  readonly columns: readonly string[] | null
}

/** The totals after these items are added to the list. */
export function addedTo({ length, textUnits, columns }: ListTotals, fresh: readonly Json[]) {
  const units = textUnitsOf(fresh)
  const fit =
    length === 0 ? columnsOf(fresh) : fresh.every((item) => fits(item, columns)) && columns
  return {
    length: length + fresh.length,
    textUnits: units === null || textUnits === null ? null : textUnits + units,
    columns: fit || null,
  } satisfies ListTotals
}

export const emptyList: ListTotals = { length: 0, textUnits: 0, columns: null }

/** The excerpt of a list of which these are the first items, and these the last. */
export function listExcerpt(
  first: readonly Json[],
  tail: readonly Json[],
  totals: ListTotals,
): Excerpt {
  return { ...totals, form: 'list', head: headOfValue(first), tail, ref: null }
}

function textUnitsOf(items: readonly Json[]): number | null {
  let units = 0
  for (const item of items) {
    if (typeof item !== 'string') return null
    units += item.length
  }
  return units
}

function columnsOf(items: readonly Json[]): readonly string[] | null {
  return tableOf(items, () => false)?.columns ?? null
}

function fits(item: Json, columns: readonly string[] | null): boolean {
  if (!columns || !isObject(item)) return false
  return Object.entries(item).every(
    ([name, cell]) => columns.includes(name) && (typeof cell !== 'object' || cell === null),
  )
}

/** The name of the file of an output. */
export function wholeName({ form }: Pick<Excerpt, 'form'>): string {
  return form === 'text' ? 'output.txt' : 'output.json'
}

/** A file that holds an output, as `file` and `excerpt` of a prediction say it. */
export function wholeFile(
  excerpt: Excerpt | null,
  files: readonly StoredFile[],
): StoredFile | null {
  return files.find(({ ref }) => ref === excerpt?.ref) ?? null
}

/** The most of an output that pages show. */
const mostHeadUnits = 96 * 1024
const mostTailUnits = 64 * 1024

/** Longer strings within an excerpt are cut. */
const mostTextUnits = 64 * 1024

/** The beginning of a value, about `units` of JSON long: strings, lists and objects are cut. */
export function headOfValue(value: Json, units = mostHeadUnits): Json {
  const budget = { left: units }
  return cut(value, budget)
}

function cut(value: Json, budget: { left: number }): Json {
  budget.left -= 2
  if (typeof value === 'string') return cutText(value, budget)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) {
    const items: Json[] = []
    for (const item of value) {
      if (budget.left <= 0) break
      items.push(cut(item, budget))
    }
    return items
  }
  const members: [string, Json][] = []
  // Not `Object.entries`: there may be a hundred thousand of them.
  for (const name in value) {
    if (budget.left <= 0) break
    budget.left -= name.length + 3
    members.push([name, cut(value[name] ?? null, budget)])
  }
  return Object.fromEntries(members)
}

function cutText(text: string, budget: { left: number }): string {
  const most = Math.max(1, Math.min(mostTextUnits, budget.left))
  budget.left -= text.length
  return text.length <= most ? text : wholeCharacters(text.slice(0, most))
}

/** The last items that pages show; when the last is too long, its end. */
export function tailOfList(items: readonly Json[]): Json[] {
  const tail: Json[] = []
  let left = mostTailUnits
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at] ?? null
    left -= jsonLength(item, mostTailUnits)
    if (left < 0) break
    tail.unshift(item)
  }
  const last = items.at(-1)
  if (tail.length > 0 || typeof last !== 'string') return tail
  return [last.slice(-mostTailUnits).replace(/^[\udc00-\udfff]/, '')]
}
