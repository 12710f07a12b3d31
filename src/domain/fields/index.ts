import type { Property } from '../schema.ts'
import { boolean } from './boolean.ts'
import { choice } from './choice.ts'
import type { FieldType } from './field-type.ts'
import { file } from './file.ts'
import { json } from './json.ts'
import { line } from './line.ts'
import { number } from './number.ts'
import { range } from './range.ts'
import { text } from './text.ts'

/** Every widget, the more particular before the more general; the last takes anything. */
export const fieldTypes = [choice, boolean, range, number, file, line, text, json] as const

export type FieldKind = (typeof fieldTypes)[number]['kind']

export function fieldTypeOf(property: Property): FieldType<FieldKind> {
  return fieldTypes.find((type) => type.matches(property)) ?? json
}
