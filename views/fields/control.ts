import { createContext, useContext } from 'hono/jsx'
import type { Field } from '../../src/domain/form/form.ts'

/** The props of every control. */
export interface ControlProps {
  readonly field: Field
  /** For the control's `id`: the label and the error summary point at it. */
  readonly id: string
  /** The ids of its note and its error, for `aria-describedby`. */
  readonly describedBy: string | undefined
  /** The control's own name for those who do not see it, where no label stands beside it. */
  readonly label?: string
}

/** Stands before the names of inputs in a form that asks for those of several models; else empty. */
export const FieldScope = createContext('')

/** The name a field's control sends: namespaced, so no input of a model can clash with ours. */
export function controlName(field: Field): string {
  return `input.${scopedName(field)}`
}

/** The name of an input in the whole form, which its buttons send. */
export function scopedName({ property }: Field): string {
  return useContext(FieldScope) + property.name
}

/** The id of a field's control. The prefix keeps inputs’ names apart from our own ids. */
export function fieldId(field: Field): string {
  return `input-${encodeURIComponent(scopedName(field))}`
}

/** The attributes that every kind of control carries. */
export function controlAttributes({ field, id, describedBy, label }: ControlProps) {
  return {
    id,
    name: controlName(field),
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': field.error === null ? undefined : 'true',
  }
}

/** The placeholder of an empty control. */
export function placeholder({ property }: Field): string | undefined {
  return property.required ? undefined : 'not set'
}

/** The text in a control that holds one. */
export function shownText(field: Field): string {
  const last = field.shown.at(-1)
  return typeof last === 'string' ? last : ''
}
