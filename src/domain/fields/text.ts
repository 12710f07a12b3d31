import type { Json } from '../json.ts'
import type { Property } from '../schema.ts'
import { blank, type Entry, type FieldType, lastText, omitted, value, wrong } from './field-type.ts'

/** A string of any length: an auto-growing text area. */
export const text: FieldType<'text'> = {
  kind: 'text',
  matches: ({ schema }) => schema.type === 'string',
  show: showText,
  holds: () => true,
  read: readText,
}

export function showText(json: Json): readonly string[] | null {
  if (typeof json === 'string') return [json]
  return typeof json === 'object' ? null : [String(json)]
}

export function readText(entries: readonly Entry[], property: Property) {
  const typed = lastText(entries)
  if (typed === '') return readBlank(entries, property)
  const { minLength, maxLength } = property.schema
  const length = [...typed].length
  if (maxLength !== undefined && length > maxLength)
    return wrong(`${length} characters are too many. Use ${maxLength} or fewer.`)
  if (minLength !== undefined && length < minLength)
    return wrong(`${length} characters are too few. Use ${minLength} or more.`)
  return value(typed)
}

/** An empty text stands for itself only where the default says something else. */
function readBlank(entries: readonly Entry[], property: Property) {
  if (property.required) return blank(property)
  const fallback = property.schema.default
  return entries.length > 0 && fallback !== undefined && fallback !== '' ? value('') : omitted
}
