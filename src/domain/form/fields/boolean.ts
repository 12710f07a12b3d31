import { shortened } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import type { Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  type Reading,
  readAs,
  wrong,
} from './field-type.ts'

/** A boolean: a checkbox after a hidden `false`, as browsers do not send an unchecked box. */
export const booleanType: FieldType<'boolean'> = {
  ...plainField,
  kind: 'boolean',
  matches: ({ schema }) => schema.type === 'boolean' && !schema.enum,
  show: (json) => (isBoolean(json) ? [String(json)] : null),
  holds: (typed) => ['', 'true', 'false'].includes(lastText(typed)),
  read: readBoolean,
  fitsInRow: false,
}

function isBoolean(json: Json): boolean {
  return typeof json === 'boolean' || json === 'true' || json === 'false'
}

function readBoolean(entries: readonly Entry[], property: Property): Reading {
  const typed = lastText(entries).trim().toLowerCase()
  if (entries.length === 0 || typed === '') return blank(property)
  if (['true', 'on', '1', 'yes'].includes(typed)) return readAs(true)
  if (['false', 'off', '0', 'no'].includes(typed)) return readAs(false)
  return wrong(`Enter true or false, not “${shortened(typed)}”.`)
}
