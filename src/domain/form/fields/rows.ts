import { formatJson, isList, type Json, parseRequest } from '../../json/json.ts'
import { jsonErrorSentence } from '../../json/json-error.ts'
import type { Property, ValueSchema } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  keptEntry,
  lastText,
  plainField,
  type Reading,
  readAs,
  readInBounds,
  wrong,
} from './field-type.ts'
import { changeRows, rowsOf } from './row-entries.ts'

/**
 * A longer list is shown as one JSON text: a control for each item would make a page of megabytes.
 */
const mostRows = 1_000

/**
 * A list with a control for each item, in rows. The entry before the rows tells an empty list from
 * one that is not set. A list that is too long for rows is one entry that begins with `[`.
 * `fieldTypeOf` finds the field type of an item.
 */
export function rowsType(fieldTypeOf: (item: Property) => FieldType): FieldType<'rows'> {
  const itemOf = (property: Property): Item => {
    const item = itemProperty(property)
    return { property: item, type: fieldTypeOf(item) }
  }
  return {
    ...plainField,
    kind: 'rows',
    matches: (property) =>
      property.schema.type === 'array' &&
      property.schema.items !== undefined &&
      itemOf(property).type.fitsInRow,
    show: (json, property) => showRows(json, itemOf(property)),
    holds: (typed) => jsonOf(typed) === null,
    read: (entries, property) => readRows(entries, property, itemOf(property)),
    showAgain: (entries, _property, kept) => entries.map((entry) => keptEntry(entry, kept)),
    readLink: (linked, property) => readLink(linked, itemOf(property)),
    change: changeRows,
    fitsInRow: false,
    takesFiles: (property) => itemOf(property).type.takesFiles(itemProperty(property)),
    takesText: (property) => itemOf(property).type.takesText(itemProperty(property)),
    refersToFiles: true,
  }
}

/** One item as a property of its own. Not required: an empty row is left out. */
export function itemProperty({ name, schema }: Property): Property {
  const any: ValueSchema = {
    nullable: false,
    deprecated: false,
    secret: false,
    iterator: false,
    concatenate: false,
    raw: {},
  }
  return { name, required: false, schema: schema.items ?? any }
}

interface Item {
  readonly property: Property
  readonly type: FieldType
}

function showRows(json: Json, item: Item): readonly string[] | null {
  if (!isList(json)) return null
  if (json.length > mostRows) return [writtenOut(json)]
  const shown = json.map((one) => item.type.show(one, item.property))
  return shown.every((one) => one !== null) ? ['', ...shown.flat()] : null
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

function readRows(entries: readonly Entry[], property: Property, item: Item): Reading {
  const json = jsonOf(entries)
  if (json !== null) return readWritten(json, property)
  const readings = rowsOf(entries).map((entry) => item.type.read([entry], item.property))
  const bad = readings.findIndex((reading) => reading.is === 'wrong')
  const found = readings[bad]
  if (found?.is === 'wrong') return wrong(`Row ${bad + 1}: ${found.error}`)
  const items = readings.flatMap((reading) => (reading.is === 'value' ? [reading.value] : []))
  if (items.length > 0) return readInBounds(items, property.schema)
  return entries[0] === '' ? readAs([]) : blank(property)
}

/** Its items are validated by the schema, as those of any other JSON. */
function readWritten(text: string, property: Property): Reading {
  try {
    const list = parseRequest(text)
    if (!isList(list)) return wrong('This is a list: values between [ and ].')
    return readInBounds(list, property.schema)
  } catch (error) {
    return wrong(jsonErrorSentence(text, error))
  }
}

/** A list in a link is JSON, or the same name several times. */
function readLink(linked: readonly Entry[], item: Item): readonly Entry[] {
  try {
    return showRows(parseRequest(lastText(linked)), item) ?? ['', ...linked]
  } catch {
    return ['', ...linked]
  }
}
