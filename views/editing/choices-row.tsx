import { FormRow, rowControl } from './form-row.tsx'

export interface ChoicesRowProps {
  readonly error: string | null
  /** What came of the last press; null before it. */
  readonly told: string | null
}

/** Reads the choices of a model's inputs at its server again, for operators. Its button takes effect at once. */
export function ChoicesRow({ error, told }: ChoicesRowProps) {
  const row = {
    id: 'choices',
    error,
    note: told ?? 'Such as checkpoints that were added or removed at the server since.',
  }
  return (
    <FormRow {...row} name='choices'>
      <button
        {...rowControl(row)}
        class='button'
        type='submit'
        name='press'
        value='read choices'
        formnovalidate
      >
        Read again
      </button>
    </FormRow>
  )
}
