import { type Child, useContext } from 'hono/jsx'
import type { Field, Form } from '../../src/domain/form/form.ts'
import { groupFields } from '../../src/domain/form/groups.ts'
import { FieldScope } from '../fields/control.ts'
import { FieldRow } from './field-row.tsx'

interface FormFieldsProps {
  readonly form: Form
  /** The input whose button was pressed, which stays in view. */
  readonly pressed?: string | undefined
  /** A sentence instead of no fields. */
  readonly none: string
  /** More in the head of a field. */
  readonly asideOf?: (field: Field) => Child
  /** The control and all around it, for fields that are asked for in another way. */
  readonly rowOf?: (field: Field) => Child
}

/** The fields of a form, of a long one the first only, with the others folded. */
export function FormFields({ form, pressed, none, asideOf, rowOf }: FormFieldsProps) {
  const { first, more } = groupFields(form)
  const scope = useContext(FieldScope)
  const isPressed = more.some(({ property }) => scope + property.name === pressed)
  const wrong = more.filter((field) => field.error !== null).length
  const row = (field: Field) =>
    rowOf?.(field) ?? <FieldRow field={field} aside={asideOf?.(field)} />
  return (
    <div class='fields'>
      {first.map(row)}
      {more.length > 0 && (
        <details
          class='more'
          id={`${encodeURIComponent(scope)}more-fields`}
          open={wrong > 0 || isPressed}
        >
          <summary>
            More options{' '}
            <span>
              {more.length}
              {wrong > 0 && `, ${wrong} ${wrong === 1 ? 'needs' : 'need'} attention`}
            </span>
          </summary>
          {more.map(row)}
        </details>
      )}
      {form.fields.length === 0 && <p class='field-note'>{none}</p>}
    </div>
  )
}
