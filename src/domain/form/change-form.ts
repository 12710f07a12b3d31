import type { StoredFile } from '../file/file.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { fieldTypeOf } from './fields/index.ts'
import type { RowAction } from './fields/row-entries.ts'
import type { Form, Submission } from './form.ts'
import { readField } from './read-form.ts'

/** A button in the form: it adds, moves or removes a row, or removes a file. */
export interface FormChange {
  readonly action: RowAction
  readonly name: string
  /** Of the row, from 0; null for the field itself. */
  readonly index: number | null
}

/** Leaves a form as it was sent. */
export const noChange: FormChange = { action: 'add', name: '', index: null }

/** Reads the value of a button: `images.2`, or the name of a field. */
export function readChange(
  schema: Pick<ModelSchema, 'input'>,
  action: RowAction,
  target: string,
): FormChange {
  if (schema.input.some(({ name }) => name === target)) return { action, name: target, index: null }
  const [, name = target, index = '0'] = /^(.*)\.(\d{1,6})$/s.exec(target) ?? []
  return { action, name, index: Number(index) }
}

/** The submitted form after the change. It is not validated: no field has an error. */
export function changedForm(
  schema: ModelSchema,
  submission: Submission,
  kept: readonly StoredFile[],
  { action, name, index }: FormChange,
): Form {
  const changed = new Map(submission)
  const property = schema.input.find((candidate) => candidate.name === name)
  const entries = submission.get(name) ?? []
  if (property) changed.set(name, fieldTypeOf(property).change(entries, action, index ?? -1))
  return {
    fields: schema.input.map((one) => ({
      ...readField(schema, one, changed, kept).field,
      error: null,
    })),
  }
}
