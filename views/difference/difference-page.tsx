import { modelName } from '../../src/domain/model-ref.ts'
import type { PredictionDifference } from '../../src/domain/prediction/comparison/difference.ts'
import { ranMs, tookMs, waitedMs } from '../../src/domain/prediction/durations.ts'
import { isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { formatMs, ModelName, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { OutputView } from '../outputs/index.tsx'
import { usePaths } from '../site.ts'
import type { ComparedPrediction } from './comparison-page.tsx'
import { InputDifferences } from './input-differences.tsx'
import {
  type ComparedPair,
  PicturePairs,
  PictureSwitch,
  type PictureView,
} from './picture-pairs.tsx'
import { ValueTable } from './value-table.tsx'
import { WordsOf } from './words.tsx'

interface DifferencePageProps {
  readonly before: ComparedPrediction
  readonly after: ComparedPrediction
  readonly difference: PredictionDifference
  /** The pictures of the outputs, where those are what is compared. */
  readonly pairs: readonly ComparedPair[]
  readonly view: PictureView
}

/** What differs between two predictions: what went in, what came out, and how long it took. */
export function DifferencePage(props: DifferencePageProps) {
  const { before, after } = props
  const paths = usePaths()
  const [first, second] = [before.prediction, after.prediction]
  return (
    <Layout title='What differs' current='predictions'>
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.predictions()}>Predictions</a>
        </p>
        <h1>What differs</h1>
        <div class='facts'>
          <Side prediction={first} name='Before' /> <Side prediction={second} name='After' />{' '}
          <Versions before={first} after={second} />{' '}
          <a href={paths.difference(second.id, first.id)}>Swap</a>
        </div>
        {!(isSettled(first) && isSettled(second)) && (
          <p class='field-note'>
            A run is not finished: this compares the state now.{' '}
            <a href={paths.difference(first.id, second.id)}>Refresh</a>
          </p>
        )}
      </header>
      <div class='workbench'>
        <div class='bench'>
          <section class='result' aria-label='Outputs'>
            <Outputs {...props} />
          </section>
          <section class='inputs' aria-labelledby='inputs'>
            <InputDifferences before={before} after={after} />
            <div class='stack'>
              <Timing before={first} after={second} />
              <div class='actions'>
                <a class='button' href={paths.workspace(first.model, first.id)}>
                  Use the inputs of the first
                </a>
                <a class='button' href={paths.workspace(second.model, second.id)}>
                  Use the second
                </a>
              </div>
            </div>
          </section>
        </div>
      </div>
    </Layout>
  )
}

function Side({ prediction, name }: { prediction: Prediction; name: string }) {
  const { id, createdAt } = prediction
  return (
    <span>
      {name}{' '}
      <a class='mono' href={usePaths().prediction(id)} title={id}>
        p/{id.slice(0, 8)}…
      </a>
      , <Moment at={createdAt} shows='both' />
    </span>
  )
}

interface BothProps {
  readonly before: Prediction
  readonly after: Prediction
}

/** The model and version of both, each named once where they are the same. */
function Versions({ before, after }: BothProps) {
  const isOneModel = modelName(before.model) === modelName(after.model)
  if (isOneModel && before.version === after.version)
    return (
      <span>
        <Version {...before} /> in both
      </span>
    )
  return (
    <span>
      <Version {...before} /> → <Version {...after} />
    </span>
  )
}

function Version({ model, version }: Pick<Prediction, 'model' | 'version'>) {
  const paths = usePaths()
  return (
    <>
      <a href={paths.model(model)}>
        <ModelName model={model} />
      </a>
      , version{' '}
      <a class='mono' href={paths.modelVersion(model, version)}>
        {version.slice(0, 12)}
      </a>
    </>
  )
}

function Outputs({ before, after, difference, pairs, view }: DifferencePageProps) {
  const { output, values, logs } = difference
  const [first, second] = [before.prediction.id, after.prediction.id]
  const isSame =
    output.kind === 'text'
      ? output.text.changes.every(({ kind }) => kind === 'same')
      : output.kind === 'values' && values.changes.length === 0
  return (
    <article class='prediction' aria-label='Output of both'>
      <header class='pane-head'>
        <h2>Output</h2>
        {output.kind === 'pictures' && <PictureSwitch view={view} />}
      </header>
      {isSame && <p class='field-note'>Both made the same.</p>}
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

function Timing({ before, after }: BothProps) {
  const rows = [
    ['waited', waitedMs],
    ['ran', ranMs],
    ['in all', tookMs],
  ] as const
  const shown = (milliseconds: number | null) =>
    milliseconds === null ? 'not yet' : formatMs(milliseconds)
  return (
    <>
      <h2>Timing</h2>
      <dl class='given'>
        {rows.map(([name, of]) => (
          <div>
            <dt>{name}</dt>
            <dd class='mono'>
              {shown(of(before))} → {shown(of(after))}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
