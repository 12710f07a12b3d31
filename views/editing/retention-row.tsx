import { plural } from '../format.tsx'
import { FormRow, rowControl } from './form-row.tsx'

export interface RetentionRowProps {
  /** As typed: a number of days, `keep`, or nothing. */
  readonly text: string
  /** For how many days data of other models is kept; null: without end. */
  readonly days: number | null
  readonly error: string | null
}

/** How long data of the predictions of a model is kept, for operators. Its button takes effect at once. */
export function RetentionRow({ text, days, error }: RetentionRowProps) {
  const ofAll = days === null ? 'without end' : plural(days, 'day')
  const row = {
    id: 'retention',
    error,
    note: `Inputs, outputs, logs and files of its predictions go when they are that many days old; keep is without end. Empty: ${ofAll}, as for all models. It takes effect at once.`,
  }
  return (
    <FormRow {...row} name='keep data' type='days'>
      <div class='with-button'>
        <input
          {...rowControl(row)}
          value={text}
          placeholder={String(days ?? 'keep')}
          autocomplete='off'
          spellcheck={false}
        />
        <button class='button' type='submit' name='press' value='keep data' formnovalidate>
          Set
        </button>
      </div>
    </FormRow>
  )
}
