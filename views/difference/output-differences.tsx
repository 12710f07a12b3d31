import type { PredictionDifference } from '../../src/domain/prediction/comparison/difference.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { Failure } from '../outputs/error-output.tsx'
import { OutputView } from '../outputs/index.tsx'
import type { ComparedPrediction } from './comparison-page.tsx'
import {
  type ComparedPair,
  PicturePairs,
  PictureSwitch,
  type PictureView,
} from './picture-pairs.tsx'
import { ValueTable } from './value-table.tsx'
import { WordsOf } from './words.tsx'

export interface OutputDifferencesProps {
  readonly before: ComparedPrediction
  readonly after: ComparedPrediction
  readonly difference: PredictionDifference
  /** The pictures of the outputs, where those are what is compared. */
  readonly pairs: readonly ComparedPair[]
  readonly view: PictureView
}

/** What differs between what two predictions made. */
export function OutputDifferences({
  before,
  after,
  difference,
  pairs,
  view,
}: OutputDifferencesProps) {
  const { output, values, logs } = difference
  const [first, second] = [before.prediction.id, after.prediction.id]
  return (
    <article class='prediction' aria-label='Output of both'>
      <header class='pane-head'>
        <h2>Output</h2>
        {output.kind === 'pictures' && <PictureSwitch view={view} />}
      </header>
      {output.kind !== 'unlike' && (
        <>
          <Failed prediction={before.prediction} name='Before' />
          <Failed prediction={after.prediction} name='After' />
        </>
      )}
      <Sameness {...difference} />
      {output.kind === 'pictures' && (
        <PicturePairs before={first} after={second} pairs={pairs} view={view} />
      )}
      {output.kind === 'text' && (
        <div class='text'>
          <WordsOf {...output.text} />
        </div>
      )}
      {output.kind === 'unlike' && (
        <div class='columns'>
          <section aria-label='Before'>
            <OutputView output={output.before} prediction={first} id='before' />
          </section>
          <section aria-label='After'>
            <OutputView output={output.after} prediction={second} id='after' />
          </section>
        </div>
      )}
      {output.kind === 'values' && output.isCut && (
        <p class='field-note'>Only the beginning of these large outputs is compared.</p>
      )}
      {values.changes.length > 0 && (
        <>
          <h2>{output.kind === 'values' ? 'Values, by path' : 'Metrics'}</h2>
          <ValueTable {...values} />
        </>
      )}
      {logs && (
        <details class='more'>
          <summary>Logs, by words</summary>
          <div class='text'>
            <WordsOf {...logs} />
          </div>
        </details>
      )}
    </article>
  )
}

/** The error of a run that made something before it failed. */
function Failed({ prediction, name }: { prediction: Prediction; name: string }) {
  const { error } = prediction
  return error === null ? null : <Failure error={`${name}: ${error}`} />
}

/** Says where nothing differs, as far as it was compared. */
function Sameness({ output, values }: PredictionDifference) {
  if (output.kind !== 'text' && output.kind !== 'values') return null
  const [differs, isCut] =
    output.kind === 'text'
      ? [output.text.changes.some(({ kind }) => kind !== 'same'), output.text.isCut]
      : [values.changes.length > 0, output.isCut || values.more]
  if (differs) return null
  return (
    <p class='field-note'>
      {isCut ? 'Nothing differs in what was compared.' : 'Both made the same.'}
    </p>
  )
}
