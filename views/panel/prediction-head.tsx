import { secondsBetween } from '../../src/domain/prediction/durations.ts'
import { isSettled } from '../../src/domain/prediction/status.ts'
import { formatSeconds } from '../format.ts'
import { hx } from '../hx.ts'
import { usePaths } from '../site.ts'
import type { PredictionPanelProps } from './prediction-panel.tsx'

/** How a prediction stands, for how long it has run, and what can be done about that. */
export function PredictionHead({ prediction, live, may }: PredictionPanelProps) {
  const paths = usePaths()
  const { status, createdAt, completedAt } = prediction
  return (
    <header class='pane-head'>
      <h2 id='prediction-status' tabindex={-1}>
        <span class='status' data-status={status} role='status'>
          {status[0]?.toUpperCase()}
          {status.slice(1)}
        </span>
      </h2>
      {completedAt === null ? (
        <span class='mono' data-elapsed={live.elapsed}>
          {live.clock}
        </span>
      ) : (
        <span class='mono'>{formatSeconds(secondsBetween(createdAt, completedAt))}</span>
      )}
      {!isSettled(prediction) && (
        <button class='button bare' type='button' data-asks='notify'>
          Notify me
        </button>
      )}
      {!isSettled(prediction) && may.cancel && (
        <form
          method='post'
          action={paths.cancellation(prediction.id)}
          {...hx({
            post: paths.cancellation(prediction.id),
            target: '#prediction',
            swap: 'outerMorph',
            sync: 'this:drop',
          })}
        >
          <button class='button' type='submit'>
            Cancel
          </button>
        </form>
      )}
    </header>
  )
}
