import type { PredictionList } from '../../src/domain/prediction/prediction-list.ts'
import { Moment, plural } from '../format.tsx'
import { type ChosenFilter, isNarrowed, queryOf } from '../history/chosen.ts'
import { Filters } from '../history/filters.tsx'
import { HistoryList, type ListedPredictions } from '../history/history-list.tsx'
import { PickedBar } from '../history/pick.tsx'
import { Sheet } from '../history/sheet.tsx'
import { HistoryTools } from '../history/tools.tsx'
import { Layout, Pit } from '../layout.tsx'
import { usePaths } from '../site.ts'

export interface PredictionsPageProps extends Omit<ListedPredictions, 'predictions'> {
  readonly page: PredictionList
  readonly chosen: ChosenFilter
  /** The names of the models to choose from. */
  readonly models: readonly string[]
  /** The makers to choose from, as values with their words. */
  readonly makers: Readonly<Record<string, string>>
  /** Whether it begins with the newest. */
  readonly isFirst: boolean
  /** The outcome of the deletion of several, just before; null when there was none. */
  readonly deletion: DeletionResult | null
}

export interface DeletionResult {
  readonly deleted: number
  /** Those that the viewer may not delete, or that were gone. */
  readonly left: number
}

/** All predictions, newest first. */
export function PredictionsPage(props: PredictionsPageProps) {
  const { page, chosen, models, makers, deletion } = props
  const { predictions } = page
  const Shown = chosen.view === 'grid' ? Sheet : HistoryList
  return (
    <Layout title='Predictions' current='predictions'>
      <header class='page-head'>
        <h1>Predictions</h1>
      </header>
      {deletion && <DeletionNote {...deletion} />}
      <Filters chosen={chosen} models={models} makers={makers} />
      <HistoryTools chosen={chosen} />
      {predictions.length === 0 ? (
        <NoPredictions {...props} />
      ) : (
        <form action={usePaths().comparison()}>
          <Shown {...props} predictions={predictions} />
          <PickedBar />
        </form>
      )}
      <Pages {...props} />
    </Layout>
  )
}

function DeletionNote({ deleted, left }: DeletionResult) {
  return (
    <p class='notice' role='status'>
      {plural(deleted, 'prediction')} deleted.
      {left > 0 && ` ${left} kept: only the person who created a prediction can delete it.`}
    </p>
  )
}

function Pages({ page: { next, searchedBackTo }, chosen, isFirst }: PredictionsPageProps) {
  const paths = usePaths()
  if (isFirst && next === null) return null
  return (
    <>
      {searchedBackTo !== null && (
        <p class='field-note'>
          Searched back to <Moment at={searchedBackTo} shows='both' />.
        </p>
      )}
      <nav class='actions' aria-label='Pages'>
        {!isFirst && (
          <a class='button bare' href={paths.predictions() + queryOf(chosen)}>
            Newest
          </a>
        )}
        {next !== null && (
          <a class='button' href={paths.predictions() + queryOf(chosen, { before: next })}>
            {searchedBackTo === null ? 'Older' : 'Search further back'}
          </a>
        )}
      </nav>
    </>
  )
}

function NoPredictions({ chosen, isFirst, page }: PredictionsPageProps) {
  const paths = usePaths()
  const narrowed = isNarrowed(chosen) || !isFirst
  return (
    <div class='empty'>
      <Pit />
      <h2>{narrowed ? 'No matching predictions' : 'No predictions yet'}</h2>
      <p>
        {narrowed
          ? reasonOf(chosen, page)
          : 'Every prediction is listed here with its inputs, its output and how long it took.'}
      </p>
      <a class='button' href={narrowed ? paths.predictions() : paths.home()}>
        {narrowed ? 'Show all predictions' : 'Find a model to run'}
      </a>
    </div>
  )
}

function reasonOf({ q, with: wanted }: ChosenFilter, { searchedBackTo }: PredictionList): string {
  if (searchedBackTo !== null) return 'None so far: older predictions have not been searched yet.'
  if (wanted === 'favourites' && q === '')
    return 'Press ☆ beside a prediction to keep it as a favourite.'
  if (q !== '')
    return 'A search finds whole words of inputs and outputs, once a prediction has ended.'
  return 'No predictions match these filters.'
}
