import { shortened } from '../../src/domain/json/excerpt.ts'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { capitalized, formatTime } from '../format.tsx'
import { ThumbContent } from '../history/thumb.tsx'
import { usePaths } from '../site.ts'

export interface LastRunsProps {
  readonly model: ModelRef
  /** The viewer’s own, newest first. */
  readonly runs: readonly PredictionSummary[]
  /** Id of the one that is shown; empty when none is. */
  readonly shown: string
}

/** The viewer’s last runs of a model, each a link to its inputs and result. */
export function LastRuns({ model, runs, shown }: LastRunsProps) {
  const paths = usePaths()
  if (runs.length === 0) return <nav id='last-runs' hidden />
  const open = runs.find(({ id, status }) => id === shown && !isSettled({ status }))
  return (
    <nav
      class='field-note'
      id='last-runs'
      aria-labelledby='last-runs-name'
      // Asked for again when the panel beside it has settled.
      hx-get={open && paths.lastRuns(open.id)}
      hx-trigger={open && 'settled from:body'}
      hx-swap={open && 'outerHTML'}
      {...(open && { 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' })}
    >
      <p id='last-runs-name'>Your last runs of this model</p>
      <div class='strip'>
        {runs.map((run) => (
          <a
            class='thumb'
            href={paths.workspace(model, run.id)}
            aria-current={run.id === shown ? 'true' : undefined}
            aria-label={labelOf(run)}
          >
            <ThumbContent prediction={run} size={64} />
          </a>
        ))}
        <a
          class='thumb'
          href={`${paths.predictions()}?${new URLSearchParams({ model: modelName(model), who: 'me' })}`}
          aria-label='All your runs of this model'
        >
          All
        </a>
      </div>
    </nav>
  )
}

const mostLabel = 60

/** `Succeeded, 09:41 UTC, a clear night sky`. */
function labelOf({ status, createdAt, summary }: PredictionSummary): string {
  const parts = [capitalized(status), formatTime(createdAt), shortened(summary, mostLabel)]
  return parts.filter((part) => part !== '').join(', ')
}
