import { faultOf } from '../../json/fault.ts'
import { formatJson, isList, type Json, parseRequest } from '../../json/json.ts'
import type { Property, ValueSchema } from '../../schema/schema.ts'
import { boolean } from './boolean.ts'
import { choice } from './choice.ts'
import {
  blank,
  type Entry,
  type FieldType,
  omitted,
  type Reading,
  value,
  wrong,
} from './field-type.ts'
import { file } from './file.ts'
import { line } from './line.ts'
import { number } from './number.ts'
import { range } from './range.ts'
import { text } from './text.ts'

const itemTypes = [choice, range, number, file, line, text] as const

/** A longer list is one text: JSON. A page with a control for each of its items has megabytes. */
const mostRows = 1_000

/**
 * A list whose items have a control of their own: one row for each. Before the rows comes an entry
 * that says whether a list without rows is an empty list or none. A list that is too long for rows
 * is one entry that begins with `[`.
 */
export const rows: FieldType<'rows'> = {
  kind: 'rows',
  matches: (property) => itemTypeOf(property) !== undefined,
  show(json, property) {
    if (!isList(json)) return null
    if (json.length > mostRows) return [writtenOut(json)]
    const item = itemProperty(property)
    const shown = json.map((one) => itemTypeOf(property)?.show(one, item) ?? null)
    return shown.every((one) => one !== null) ? ['', ...shown.flat()] : null
  },
  holds: (typed) => jsonOf(typed) === null,
  read: readRows,
}

/** One item a line. */
function writtenOut(list: readonly Json[]): string {
  return `[\n${list.map((item) => formatJson(item)).join(',\n')}\n]`
}

/** The text of a list that is too long for rows; null for rows. */
function jsonOf(entries: readonly Entry[]): string | null {
  const [text] = entries
  return entries.length === 1 && typeof text === 'string' && text.startsWith('[') ? text : null
}

/** One item, as if it were an input of its own. Not required: an empty row is left out. */
export function itemProperty({ name, schema }: Property): Property {
  const any: ValueSchema = {
    ...{ nullable: false, deprecated: false, secret: false, iterator: false, concatenate: false },
    raw: {},
  }
  return { name, required: false, schema: schema.items ?? any }
}

export function itemTypeOf(property: Property): (typeof itemTypes)[number] | undefined {
  const { schema } = property
  if (schema.type !== 'array' || !schema.items) return undefined
  const item = itemProperty(property)
  if (item.schema.secret || boolean.matches(item)) return undefined
  return itemTypes.find((type) => type.matches(item))
}

/** What comes before the rows: empty for a list that was given, this for one that was not. */
export const unsetRows = 'unset'

/** The rows among what was sent: an empty one too, so that each error finds its row. */
export function rowsOf(entries: readonly Entry[]): readonly Entry[] {
  return entries.slice(1)
}

function readRows(entries: readonly Entry[], property: Property): Reading {
  const json = jsonOf(entries)
  if (json !== null) return readWritten(json, property)
  const type = itemTypeOf(property)
  const item = itemProperty(property)
  const readings = rowsOf(entries).map((entry) => type?.read([entry], item) ?? omitted)
  const bad = readings.findIndex((reading) => reading.is === 'wrong')
  const found = readings[bad]
  if (found?.is === 'wrong') return wrong(`Row ${bad + 1}: ${found.error}`)
  const items = readings.flatMap((reading) => (reading.is === 'value' ? [reading.value] : []))
  if (items.length > 0) return inBounds(items.length, property) ?? value(items)
  return entries[0] === '' ? value([]) : blank(property)
}

/** Its items are judged by the schema, as those of any other JSON. */
function readWritten(text: string, property: Property): Reading {
  try {
    const list = parseRequest(text)
    if (!isList(list)) return wrong('This is a list: values between [ and ].')
    return inBounds(list.length, property) ?? value(list)
  } catch (error) {
    return wrong(faultOf(text, error))
  }
}

function inBounds(count: number, { schema }: Property): Reading | null {
  const { minItems, maxItems } = schema
  if (minItems !== undefined && count < minItems)
    return wrong(`Add at least ${minItems}, not ${count}.`)
  if (maxItems !== undefined && count > maxItems)
    return wrong(`Use at most ${maxItems}, not ${count}.`)
  return null
}

/** What a button of a row does to the rows. */
export const rowActions = ['add', 'remove', 'move-up', 'move-down'] as const
export type RowAction = (typeof rowActions)[number]

/** The entries after a button was pressed; `index` counts rows from 0, and is not needed to add. */
export function changeRows(
  entries: readonly Entry[],
  action: RowAction,
  index: number,
): readonly Entry[] {
  const [mark = unsetRows] = entries
  const list = [...rowsOf(entries)]
  if (action === 'add') return [mark, ...list, '']
  if (index < 0 || index >= list.length) return entries
  const [taken = ''] = list.splice(index, 1)
  if (action === 'move-up') list.splice(Math.max(0, index - 1), 0, taken)
  if (action === 'move-down') list.splice(index + 1, 0, taken)
  return [mark, ...list]
}
