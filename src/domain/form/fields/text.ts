import type { Json } from '../../json/json.ts'
import type { Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  omitted,
  plainField,
  readAs,
  readInBounds,
} from './field-type.ts'

/**
 * A string of any length: an auto-growing text area. An unset one with a default sends two empty
 * texts, which tells it from one that was emptied by hand.
 */
export const textType: FieldType<'text'> = {
  ...plainField,
  kind: 'text',
  matches: ({ schema }) => schema.type === 'string',
  show: showText,
  holds: () => true,
  read: readText,
  takesText: () => true,
}

function showText(json: Json): readonly string[] | null {
  if (typeof json === 'string') return [json]
  return typeof json === 'object' ? null : [String(json)]
}

function readText(entries: readonly Entry[], property: Property) {
  const typed = lastText(entries)
  if (typed === '') return readBlank(entries, property)
  return readInBounds(typed, property.schema)
}

/**
 * An empty text is a value where the default is another text and the control is set, and where it
 * is required and was empty in the earlier input.
 */
function readBlank(entries: readonly Entry[], property: Property) {
  const marked = entries.length > 1
  if (property.required) return marked ? readAs('') : blank(property)
  return hasDefaultText(property) && entries.length === 1 ? readAs('') : omitted
}

/** Whether an omitted text differs from an empty one. */
export function hasDefaultText({ schema }: Property): boolean {
  return schema.default !== undefined && schema.default !== ''
}

const lineLength = 120

/** A short string, by its `maxLength`: a single-line text box. */
export const lineType: FieldType<'line'> = {
  ...textType,
  kind: 'line',
  matches: (property) =>
    textType.matches(property) && (property.schema.maxLength ?? Infinity) <= lineLength,
  holds: isOneLine,
}

function isOneLine(typed: readonly Entry[]): boolean {
  return typed.every((entry) => typeof entry === 'string' && !/[\r\n]/.test(entry))
}
