import { plural } from '../format.tsx'
import type { RowState } from './edit-rows.tsx'
import { FormRow, rowControl } from './form-row.tsx'

export interface RetentionRowProps {
  readonly state: RowState
  /** For how many days data of other models is kept; null: without end. */
  readonly days: number | null
}

/** How long data of the predictions of a model is kept, for operators: a number of days, `keep`, or nothing. */
export function RetentionRow({ state, days }: RetentionRowProps) {
  const ofAll = days === null ? 'without end' : plural(days, 'day')
  const saved = state.conflicts.retention
  const theirs =
    saved === undefined ? '' : `Saved by somebody else: ${saved || 'as for all models'}. `
  const row = {
    id: 'retention',
    error: state.errors.retention,
    note: `${theirs}Inputs, outputs, logs and files of its predictions go when they are that many days old; keep is without end. Empty: ${ofAll}, as for all models.`,
  }
  return (
    <FormRow {...row} name='keep data' type='days'>
      <input
        {...rowControl(row)}
        value={state.texts.retention}
        placeholder={String(days ?? 'keep')}
        autocomplete='off'
        spellcheck={false}
      />
    </FormRow>
  )
}
