import { ranMs, tookMs } from '../../src/domain/prediction/durations.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { capitalized, formatMs } from '../format.tsx'
import { hx } from '../hx.ts'
import { Failure } from '../outputs/error-output.tsx'
import { OutputView } from '../outputs/index.tsx'
import { LargeNote } from '../outputs/parts/output-actions.tsx'
import type { PredictionPanelProps } from '../panel/prediction-panel.tsx'
import { Waiting } from '../panel/prediction-waiting.tsx'
import { usePaths } from '../site.ts'

/**
 * The state of a prediction inside another page. It needs no script but htmx, of version 2 or 4: an unsettled
 * panel requests its successor, as often as it takes when a request is lost.
 */
export function EmbedPanel(props: PredictionPanelProps) {
  const { prediction, schema } = props
  const settled = isSettled(prediction)
  const output = outputOf(prediction, schema.output)
  return (
    <article
      class='prediction'
      id='prediction'
      aria-labelledby='prediction-status'
      aria-busy={String(!settled)}
      {...(settled ? {} : usePolling(props))}
    >
      <Head {...props} />
      {prediction.error !== null && output.kind !== 'error' && <Failure error={prediction.error} />}
      {!settled && <Waiting {...props} output={output} />}
      <OutputView output={output} prediction={prediction.id} />
      {prediction.excerpt && <LargeNote prediction={prediction} excerpt={prediction.excerpt} />}
    </article>
  )
}

function Head({ prediction, live, may }: PredictionPanelProps) {
  const { id, status } = prediction
  const paths = usePaths()
  const took = ranMs(prediction) ?? tookMs(prediction)
  return (
    <header class='pane-head'>
      <h2 id='prediction-status'>
        <span class='status' data-status={status} role='status'>
          {capitalized(status)}
        </span>
      </h2>
      <span class='mono'>{took === null ? live.clock : formatMs(took)}</span>
      {!isSettled(prediction) && may.cancel && (
        <form
          method='post'
          action={paths.cancellation(id)}
          {...hx({ post: paths.cancellation(id), target: '#prediction', swap: 'outerHTML' })}
        >
          <button class='button' type='submit'>
            Cancel
          </button>
        </form>
      )}
    </header>
  )
}

/** The request is held until there is news. Where it is lost, another one follows. */
const retryMs = 40_000

function usePolling({ prediction, state, live, pollMs }: PredictionPanelProps) {
  const load = pollMs === null ? 'load' : `load delay:${pollMs}ms`
  return {
    ...hx({
      get: `${usePaths().panel(prediction.id)}?seen=${state}&n=${live.count}`,
      trigger: `${load}, every ${retryMs}ms`,
      target: 'this',
      swap: 'outerHTML',
    }),
    // htmx 4 would show the error page of a proxy in place of the panel.
    'hx-status:5xx': 'swap:none',
  }
}
