import { predictTime } from '../../src/domain/prediction.ts'
import type { PredictionPage, PredictionSummary } from '../../src/domain/prediction-page.ts'
import { madeFiles, summaryOf } from '../../src/domain/summary.ts'
import { formatDay, formatSeconds, formatTime } from '../format.ts'
import { Layout, Pit } from '../layout.tsx'
import { ModelName } from '../model-name.tsx'
import { usePaths } from '../site.ts'

export interface PredictionsPageProps {
  readonly page: PredictionPage
}

/** Everything that was run, newest first. */
export function PredictionsPage({ page }: PredictionsPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Predictions' current='predictions'>
      <header class='page-head'>
        <h1>Predictions</h1>
      </header>
      {page.predictions.length === 0 ? <NoPredictions /> : <History {...page} />}
      {page.next !== null && (
        <nav class='actions' aria-label='Pages'>
          <a class='button' href={`${paths.predictions()}?before=${page.next}`}>
            Older
          </a>
        </nav>
      )}
    </Layout>
  )
}

function NoPredictions() {
  const paths = usePaths()
  return (
    <div class='empty'>
      <Pit />
      <h2>No predictions yet</h2>
      <p>
        Everything that is run here is kept in this list with its inputs, its output and how long it
        took.
      </p>
      <a class='button' href={paths.home()}>
        Find a model to run
      </a>
    </div>
  )
}

function History({ predictions }: PredictionPage) {
  const days = Map.groupBy(predictions, ({ createdAt }) => formatDay(createdAt))
  return (
    <section class='history' aria-label='Predictions'>
      {[...days].map(([day, made]) => (
        <>
          <h2>{day}</h2>
          <ol>
            {made.map((prediction) => (
              <HistoryRow prediction={prediction} />
            ))}
          </ol>
        </>
      ))}
    </section>
  )
}

function HistoryRow({ prediction }: { prediction: PredictionSummary }) {
  const paths = usePaths()
  const { id, model, status, createdAt } = prediction
  const took = predictTime(prediction)
  return (
    <li>
      <span class='thumb'>
        <Thumbnail prediction={prediction} />
      </span>{' '}
      <a href={paths.prediction(id)}>
        <ModelName model={model} />
      </a>{' '}
      <time datetime={new Date(createdAt).toISOString()}>{formatTime(createdAt)}</time>{' '}
      <p>{summaryOf(prediction)}</p>{' '}
      <span class='status' data-status={status}>
        {status[0]?.toUpperCase()}
        {status.slice(1)}
      </span>{' '}
      <span class='took'>{took === null ? '' : formatSeconds(took)}</span>
    </li>
  )
}

function Thumbnail({ prediction }: { prediction: PredictionSummary }) {
  const paths = usePaths()
  const picture = madeFiles(prediction).find(({ type }) => type.startsWith('image/'))
  if (picture) return <img src={paths.file(picture)} alt='' width='96' height='96' loading='lazy' />
  return <>{prediction.error === null ? '¶' : '×'}</>
}
