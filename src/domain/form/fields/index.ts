import type { Property } from '../../schema/schema.ts'
import { boolean } from './boolean.ts'
import { choice } from './choice.ts'
import type { FieldType } from './field-type.ts'
import { file } from './file.ts'
import { json } from './json.ts'
import { line } from './line.ts'
import { number } from './number.ts'
import { range } from './range.ts'
import { rows } from './rows.ts'
import { secret } from './secret.ts'
import { text } from './text.ts'

/** Every widget, the more particular before the more general; the last takes anything. */
export const fieldTypes = [
  secret,
  choice,
  boolean,
  range,
  number,
  file,
  line,
  text,
  rows,
  json,
] as const

export type FieldKind = (typeof fieldTypes)[number]['kind']

export function fieldTypeOf(property: Property): FieldType<FieldKind> {
  return fieldTypes.find((type) => type.matches(property)) ?? json
}
