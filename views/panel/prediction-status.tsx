import { modelName } from '../../src/domain/model-ref.ts'
import type { Output } from '../../src/domain/output/output.ts'
import {
  isDetailed,
  ranMs,
  timelineOf,
  tookMs,
  waitedMs,
  wasCold,
} from '../../src/domain/prediction/durations.ts'
import { hasSucceeded, isSettled, type Prediction } from '../../src/domain/prediction/prediction.ts'
import { seedOf } from '../../src/domain/prediction/seed.ts'
import { contextShare, tokenFigures } from '../../src/domain/prediction/token-figures.ts'
import { capitalized, formatMs, plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { errorId } from '../outputs/error-output.tsx'
import { CopyButton } from '../outputs/parts/copy-button.tsx'
import { JsonActions, OutputActions } from '../outputs/parts/output-actions.tsx'
import { usePaths } from '../site.ts'
import { OutputSwitch } from './output-switch.tsx'
import type { PredictionPanelProps } from './prediction-panel.tsx'
import { Timeline, TimelineBar } from './timeline.tsx'
import { UseAsInput } from './use-as-input.tsx'

/** The status and the time of a prediction, and the Cancel button. */
export function PredictionHead({ prediction, live, may, json, here }: PredictionPanelProps) {
  const paths = usePaths()
  const { status } = prediction
  const took = ranMs(prediction) ?? tookMs(prediction)
  return (
    <header class='pane-head'>
      <h2 id='prediction-status' tabindex={-1}>
        <span class='status' data-status={status} role='status'>
          {capitalized(status)}
        </span>
      </h2>
      {took === null ? (
        <span class='mono' data-elapsed={live.elapsed}>
          {live.clock}
        </span>
      ) : (
        <span class='mono'>{formatMs(took)}</span>
      )}
      {isSettled(prediction) && (
        <OutputSwitch
          prediction={prediction}
          isJson={json !== null}
          here={here ?? paths.prediction(prediction.id)}
        />
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

/** The times of a prediction, and its restarts. */
export function Metrics({ prediction }: { prediction: Prediction }) {
  const waited = waitedMs(prediction)
  const ran = ranMs(prediction)
  const seed = seedOf(prediction)
  const { tokens, tokensPerSecond, firstTokenMs, context } = tokenFigures(prediction.metrics)
  // Most only wait and run, which two figures say. Of one that was cold, the panel begins with its timeline.
  const isLong = isDetailed(timelineOf(prediction))
  return (
    <>
      {isLong && !wasCold(prediction) && <Timeline of={prediction} />}
      <div class='timing'>
        {!isLong && ran !== null && <TimelineBar of={prediction} />}
        <dl class='metrics'>
          {!isLong && waited !== null && <Metric name='Waited' value={formatMs(waited)} />}
          {!isLong && ran !== null && <Metric name='Ran' value={formatMs(ran)} />}
          {tokens !== '' && <Metric name='Tokens' value={tokens} />}
          {context && <Metric name='Context' value={contextShare(context)} />}
          {tokensPerSecond !== null && <Metric name='Speed' value={`${tokensPerSecond} /s`} />}
          {firstTokenMs !== null && <Metric name='First token' value={formatMs(firstTokenMs)} />}
          {seed !== null && <Metric name='Seed' value={String(seed)} />}
          <Metric name='Version' value={prediction.version.slice(0, 8)} />
          {prediction.attempt > 1 && (
            <Metric name='Restarted' value={plural(prediction.attempt - 1, 'time')} />
          )}
        </dl>
      </div>
    </>
  )
}

function Metric({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

type PredictionActionsProps = PredictionPanelProps & { readonly output: Output }

/** The actions on a settled prediction. */
export function PredictionActions(props: PredictionActionsProps) {
  const { prediction, may, useAsInput, output, json } = props
  const paths = usePaths()
  const tweak = paths.workspace(prediction.model, prediction.id)
  return (
    <div class='actions'>
      {may.tweak && (
        <a class='button run' href={tweak}>
          Tweak
        </a>
      )}
      {may.rerun && (
        <form method='post' action={paths.predictions()}>
          <input type='hidden' name='model' value={modelName(prediction.model)} />
          <input type='hidden' name='version' value={prediction.version} />
          <input type='hidden' name='from' value={prediction.id} />
          <button class='button' type='submit'>
            Run again
          </button>
        </form>
      )}
      {may.rerun && (
        <a class='button' href={paths.comparedWith(prediction.model, prediction.id)}>
          Compare with…
        </a>
      )}
      {may.share && (
        <a class='button' href={paths.shares({ kind: 'prediction', id: prediction.id })} data-opens>
          Share
        </a>
      )}
      {useAsInput && <UseAsInput {...useAsInput} />}
      {json === null && prediction.error !== null && (
        <CopyButton copied={{ of: 'element', id: errorId }} label='Copy error' />
      )}
      {json === null ? (
        <OutputActions output={output} prediction={prediction} />
      ) : (
        <JsonActions id={prediction.id} />
      )}
      {may.delete && hasSucceeded(prediction) && prediction.dataRemovedAt === null && (
        <form method='post' action={paths.example(prediction.id)}>
          <button class='button bare' type='submit'>
            Add to examples
          </button>
        </form>
      )}
      {may.delete && (
        <a class='button bare' href={paths.deletion(prediction.id)}>
          Delete
        </a>
      )}
    </div>
  )
}
