import type { PredictionList } from '../../src/domain/prediction/prediction-list.ts'
import { formatDay } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { PredictionListItem } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'

export interface PredictionsPageProps {
  readonly page: PredictionList
  readonly filter: ChosenFilter
  /** The names of the models to choose from. */
  readonly models: readonly string[]
}

/** The filter of the list; empty for no filter. */
export interface ChosenFilter {
  readonly model: string
  readonly status: string
  readonly who: string
}

/** The statuses to filter by, and their labels. */
export const statusFilters: Readonly<Record<string, string>> = {
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
}

/** All predictions, newest first. */
export function PredictionsPage({ page, filter, models }: PredictionsPageProps) {
  const paths = usePaths()
  const narrowed = Object.values(filter).some((chosen) => chosen !== '')
  const older = new URLSearchParams({ ...filter, before: page.next ?? '' })
  return (
    <Layout title='Predictions' current='predictions'>
      <header class='page-head'>
        <h1>Predictions</h1>
      </header>
      <Filters filter={filter} models={models} />
      {page.predictions.length === 0 ? (
        <NoPredictions narrowed={narrowed} />
      ) : (
        <History {...page} />
      )}
      {page.next !== null && (
        <nav class='actions' aria-label='Pages'>
          <a class='button' href={`${paths.predictions()}?${older}`}>
            Older
          </a>
        </nav>
      )}
    </Layout>
  )
}

function Filters({ filter, models }: Pick<PredictionsPageProps, 'filter' | 'models'>) {
  const paths = usePaths()
  return (
    <form class='filters' action={paths.predictions()}>
      <select class='grow' name='model' aria-label='Model'>
        <option value=''>All models</option>
        {models.map((model) => (
          <option value={model} selected={model === filter.model}>
            {model}
          </option>
        ))}
      </select>
      <select name='status' aria-label='Status'>
        <option value=''>Any status</option>
        {Object.entries(statusFilters).map(([name, word]) => (
          <option value={name} selected={name === filter.status}>
            {word}
          </option>
        ))}
      </select>
      <select name='who' aria-label='Created by'>
        <option value=''>Everyone</option>
        <option value='me' selected={filter.who === 'me'}>
          Me
        </option>
      </select>
      <button class='button' type='submit'>
        Filter
      </button>
    </form>
  )
}

function NoPredictions({ narrowed }: { narrowed: boolean }) {
  const paths = usePaths()
  return (
    <div class='empty'>
      <Pit />
      <h2>{narrowed ? 'No matching predictions' : 'No predictions yet'}</h2>
      <p>
        {narrowed
          ? 'No predictions match these filters.'
          : 'Every prediction is listed here with its inputs, its output and how long it took.'}
      </p>
      <a class='button' href={narrowed ? paths.predictions() : paths.home()}>
        {narrowed ? 'Show all predictions' : 'Find a model to run'}
      </a>
    </div>
  )
}

function History({ predictions }: PredictionList) {
  const days = Map.groupBy(predictions, ({ createdAt }) => formatDay(createdAt))
  return (
    <section class='history' aria-label='Predictions'>
      {[...days].map(([day, made]) => (
        <>
          <h2>{day}</h2>
          <ol>
            {made.map((prediction) => (
              <PredictionListItem prediction={prediction} />
            ))}
          </ol>
        </>
      ))}
    </section>
  )
}
