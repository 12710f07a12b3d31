import { modelName } from '../../src/domain/model-ref.ts'
import { ranMs, tookMs, waitedMs } from '../../src/domain/prediction/durations.ts'
import { hasSucceeded, isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { formatMs, ModelName, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { StatusWord } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'
import { InputDifferences } from './input-differences.tsx'
import { OutputDifferences, type OutputDifferencesProps } from './output-differences.tsx'

/** What differs between two predictions: what went in, what came out, and how long it took. */
export function DifferencePage(props: OutputDifferencesProps) {
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
            <OutputDifferences {...props} />
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
      {!hasSucceeded(prediction) && (
        <>
          {' '}
          <StatusWord prediction={prediction} />
        </>
      )}
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
