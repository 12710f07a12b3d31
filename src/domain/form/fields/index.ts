import type { Property } from '../../schema/value-schema.ts'
import { booleanType } from './boolean.ts'
import { choiceType } from './choice.ts'
import { colourType } from './colour.ts'
import type { FieldType } from './field-type.ts'
import { fileType } from './file.ts'
import { jsonType } from './json.ts'
import { dateTimeType, dateType, timeType } from './moment.ts'
import { numberType, rangeType } from './number.ts'
import { rowsType } from './rows.ts'
import { secretType } from './secret.ts'
import { lineType, textType } from './text.ts'

/** Every widget, the more particular before the more general; the last takes anything. */
export const fieldTypes = [
  secretType,
  choiceType,
  booleanType,
  rangeType,
  numberType,
  fileType,
  dateType,
  timeType,
  dateTimeType,
  colourType,
  lineType,
  textType,
  rowsType(fieldTypeOf),
  jsonType,
] as const

export type FieldKind = (typeof fieldTypes)[number]['kind']

export function fieldTypeOf(property: Property): FieldType<FieldKind> {
  return fieldTypes.find((type) => type.matches(property)) ?? jsonType
}

/** Whether the form asks for a file, or for a list of files. */
export function takesFiles(property: Property): boolean {
  return fieldTypeOf(property).takesFiles(property)
}
