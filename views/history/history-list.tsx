import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { formatDay, plural } from '../format.tsx'
import { PredictionListItem } from '../panel/prediction-list-item.tsx'
import { usePaths } from '../site.ts'
import { GroupRow, type ListedGroup } from './group-row.tsx'
import { Pick } from './pick.tsx'

export interface ListedPredictions {
  readonly predictions: readonly PredictionSummary[]
  /** The ids of those that are favourites of the viewer. */
  readonly favourites: ReadonlySet<string>
  /** The first sub-runs of those that have any. */
  readonly children: ReadonlyMap<string, readonly PredictionSummary[]>
  /** The groups of runs that some stand for, by their ids. */
  readonly groups: ReadonlyMap<string, ListedGroup>
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The most sub-runs below a prediction in a list. */
export const mostChildren = 10

/** Predictions as rows, by day. */
export function HistoryList({ predictions, ...rest }: ListedPredictions) {
  const days = Map.groupBy(predictions, ({ createdAt }) => formatDay(createdAt))
  return (
    <section class='history' aria-label='Predictions'>
      {[...days].map(([day, made]) => (
        <>
          <h2>{day}</h2>
          <ol class='picks'>
            {made.map((prediction) => (
              <Row {...rest} prediction={prediction} />
            ))}
          </ol>
        </>
      ))}
    </section>
  )
}

type RowProps = Omit<ListedPredictions, 'predictions'> & { readonly prediction: PredictionSummary }

function Row({ prediction, favourites, children, groups, now }: RowProps) {
  const { id, parent } = prediction
  const listed = groups.get(id)
  if (listed) return <GroupRow listed={listed} />
  const subRuns = children.get(id) ?? []
  return (
    <PredictionListItem
      prediction={prediction}
      now={now}
      pick={<Pick prediction={prediction} isFavourite={favourites.has(id)} />}
      under={
        <>
          {parent !== null && <ParentLink id={parent} />}
          {subRuns.length > 0 && <SubRuns parent={id} runs={subRuns} now={now} />}
        </>
      }
    />
  )
}

function ParentLink({ id }: { id: string }) {
  return (
    <small class='under'>
      Sub-run of <a href={usePaths().prediction(id)}>p/{id.slice(0, 8)}…</a>
    </small>
  )
}

interface SubRunsProps {
  readonly parent: string
  readonly runs: readonly PredictionSummary[]
  readonly now: number
}

function SubRuns({ parent, runs, now }: SubRunsProps) {
  const shown = runs.slice(0, mostChildren)
  const isCut = runs.length > shown.length
  return (
    <details class='under'>
      <summary>
        {isCut ? `More than ${mostChildren} sub-runs` : plural(runs.length, 'sub-run')}
      </summary>
      <ol>
        {shown.map((run) => (
          <PredictionListItem prediction={run} now={now} />
        ))}
      </ol>
      {isCut && <a href={usePaths().prediction(parent)}>Show all on its page</a>}
    </details>
  )
}
