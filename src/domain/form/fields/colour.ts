import type { Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  readInBounds,
} from './field-type.ts'

/**
 * A colour: the browser’s control, which sends `#rrggbb` and cannot be blank. After a ticked “not
 * set”, an empty text is sent as well. A colour in other words is shown as text.
 */
export const colourType: FieldType<'colour'> = {
  ...plainField,
  kind: 'colour',
  matches: ({ schema }) => schema.type === 'string' && schema.format === 'color',
  show: (json) => (typeof json === 'string' ? [json] : null),
  holds: (typed) => /^(?:#[0-9a-f]{6})?$/i.test(lastText(typed)),
  read: readColour,
}

function readColour(entries: readonly Entry[], property: Property) {
  const typed = lastText(entries).trim()
  return typed === '' ? blank(property) : readInBounds(typed, property.schema)
}
