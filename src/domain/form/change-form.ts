import type { StoredFile } from '../file/file.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { fieldTypeOf } from './fields/index.ts'
import type { RowAction } from './fields/row-entries.ts'
import type { Form, Submission } from './form.ts'
import { readField } from './read-form.ts'

/** A button of the form that changes it: a row added, moved or removed, or a file let go. */
export interface FormChange {
  readonly action: RowAction
  readonly name: string
  /** Of the row, from 0; null for the field itself. */
  readonly index: number | null
}

/** Reads what a button stands for: `images.2`, or the plain name of a field. */
export function readChange(schema: ModelSchema, action: RowAction, target: string): FormChange {
  if (schema.input.some(({ name }) => name === target)) return { action, name: target, index: null }
  const [, name = target, index = '0'] = /^(.*)\.(\d{1,6})$/s.exec(target) ?? []
  return { action, name, index: Number(index) }
}

/** The form as it was sent, with the change made. Nothing is judged yet: no field has an error. */
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
