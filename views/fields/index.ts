import type { FC } from 'hono/jsx'
import type { FieldKind } from '../../src/domain/form/fields/index.ts'
import type { Field } from '../../src/domain/form/form.ts'
import { BooleanField } from './boolean-field.tsx'
import { ChoiceField, fitsInARow } from './choice-field.tsx'
import { ColourField } from './colour-field.tsx'
import type { ControlProps } from './control.ts'
import { FileField } from './file-field.tsx'
import { JsonField } from './json-field.tsx'
import { LineField } from './line-field.tsx'
import { DateField, DateTimeField, TimeField } from './moment-field.tsx'
import { NumberField } from './number-field.tsx'
import { RangeField } from './range-field.tsx'
import { RowsField } from './rows-field.tsx'
import { SecretField } from './secret-field.tsx'
import { TextField } from './text-field.tsx'

/** The drawn half of each widget; leaving one out is a compile error here. */
export const controls: Readonly<Record<FieldKind, FC<ControlProps>>> = {
  text: TextField,
  line: LineField,
  number: NumberField,
  range: RangeField,
  boolean: BooleanField,
  choice: ChoiceField,
  file: FileField,
  date: DateField,
  time: TimeField,
  'date-time': DateTimeField,
  colour: ColourField,
  rows: RowsField,
  secret: SecretField,
  json: JsonField,
}

const groups: Partial<Readonly<Record<FieldKind, (field: Field) => boolean>>> = {
  choice: fitsInARow,
}

/** Whether a field is a group of controls, which a `<label>` cannot name. */
export function isGroup(field: Field): boolean {
  return groups[field.kind]?.(field) ?? false
}
