import type { Child, PropsWithChildren } from 'hono/jsx'

export interface FormRowProps {
  /** Id of the control. */
  readonly id: string
  readonly name: string
  /** The name of an entry, in a word: `link`. */
  readonly type?: string | undefined
  readonly required?: boolean
  readonly error?: string | null | undefined
  readonly note?: Child
  /** Whether it has several controls, which its name labels together. */
  readonly role?: 'group' | 'radiogroup'
}

/** A row of a form that is not generated from a schema: name, control, error and note. */
export function FormRow(props: PropsWithChildren<FormRowProps>) {
  const { id, name, type, required, error, note, role, children } = props
  return (
    <div
      class='field'
      id={role === 'radiogroup' ? id : undefined}
      {...(role ? { role, 'aria-labelledby': `${id}-name` } : {})}
    >
      <div class='field-head'>
        {role ? (
          <span class='field-name' id={`${id}-name`}>
            {name}
          </span>
        ) : (
          <label class='field-name' for={id}>
            {name}
          </label>
        )}
        {(type || required) && (
          <>
            {' '}
            <small>{required ? <span class='required'>required</span> : type}</small>
          </>
        )}
      </div>
      <div class='field-body'>
        {children}
        {error && (
          <p class='field-error' id={`${id}-error`}>
            {error}
          </p>
        )}
        {note && (
          <p class='field-note' id={`${id}-note`}>
            {note}
          </p>
        )}
      </div>
    </div>
  )
}

/** The attributes of the control of a row. */
export function rowControl({ id, error, note }: Pick<FormRowProps, 'id' | 'error' | 'note'>) {
  const described = [error && `${id}-error`, note && `${id}-note`].filter(Boolean).join(' ')
  return {
    id,
    name: id,
    ...(error ? { 'aria-invalid': 'true' as const } : {}),
    ...(described ? { 'aria-describedby': described } : {}),
  }
}

export interface FormErrorsProps {
  /** Sentences by the id of the control; those without one are left out. */
  readonly errors: Readonly<Record<string, string | undefined>>
  /** The names of the rows, by the id of the control. */
  readonly names?: Readonly<Record<string, string>>
}

/** The errors of a form, each with a link to its control. */
export function FormErrors({ errors, names = {} }: FormErrorsProps) {
  const wrong = Object.entries(errors).filter(([, sentence]) => sentence !== undefined)
  if (wrong.length === 0) return null
  const count = wrong.length === 1 ? '1 field needs' : `${wrong.length} fields need`
  return (
    <section class='error-summary' tabindex={-1} role='alert' autofocus>
      <h2>{count} attention</h2>
      <ul>
        {wrong.map(([id, sentence]) => (
          <li>
            <a href={`#${id}`}>{names[id] ?? id}</a>: {sentence}
          </li>
        ))}
      </ul>
      <p>Nothing was saved. Everything you entered is still here.</p>
    </section>
  )
}
