import { shortened } from '../../src/domain/json/excerpt.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { type RowState, rowNote } from './edit-rows.tsx'
import { FormRow, rowControl } from './form-row.tsx'

interface ExampleRowProps {
  readonly state: RowState
  readonly examples: readonly PredictionSummary[]
}

const hint =
  'The page of the model opens with its inputs and output. Any prediction can be added to the examples.'

/** The prediction that the model's page opens with. */
export function ExampleRow({ state, examples }: ExampleRowProps) {
  const chosen = state.texts.example
  const isListed = chosen === '' || examples.some(({ id }) => id === chosen)
  const note = rowNote({ name: 'example', state: { ...state, own: state.texts } }, hint)
  const row = { id: 'example', error: state.errors.example, note }
  return (
    <FormRow {...row} name='example'>
      <select {...rowControl(row)}>
        <option value='' selected={chosen === ''}>
          The first example
        </option>
        {!isListed && (
          <option value={chosen} selected>
            Prediction {chosen.slice(0, 8)}, no longer among the examples
          </option>
        )}
        {examples.map(({ id, summary }) => (
          <option value={id} selected={id === chosen}>
            {summary === '' ? `Prediction ${id.slice(0, 8)}` : shortened(summary)}
          </option>
        ))}
      </select>
    </FormRow>
  )
}
