import type { Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { hasFailed, isSettled, isWaiting } from '../../src/domain/prediction/status.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import type { Paths } from '../../src/paths.ts'
import { hx } from '../hx.ts'
import { Failure } from '../outputs/error-output.tsx'
import { OutputView } from '../outputs/index.tsx'
import { Logs } from '../outputs/logs.tsx'
import { LargeNote } from '../outputs/parts/notes.tsx'
import { usePaths } from '../site.ts'
import { PredictionActions } from './prediction-actions.tsx'
import { Metrics, PredictionHead } from './prediction-status.tsx'
import { Waiting } from './prediction-waiting.tsx'
import { SubRuns } from './sub-runs.tsx'
import type { UseAsInputProps } from './use-as-input.tsx'

export interface PredictionPanelProps {
  readonly prediction: Prediction
  readonly schema: ModelSchema
  /** Place in its model's queue, from 1; null when it does not wait there. */
  readonly position: number | null
  readonly live: PanelLive
  /** The state shown, which comes back with the panel's next question: opaque. */
  readonly state: string
  /** How long to wait before asking again; null when the answer is held until there is news. */
  readonly pollMs: number | null
  readonly may: PanelPermissions
  /** What can be done next with what was made; null when nothing can. */
  readonly useAsInput: UseAsInputProps | null
  /** What its model asked of other models. */
  readonly subRuns: readonly PredictionSummary[]
}

/** What this viewer may do, and so which buttons there are. */
export interface PanelPermissions {
  readonly cancel: boolean
  readonly rerun: boolean
  /** Open its model's form with its inputs. */
  readonly tweak: boolean
  /** See the other predictions that belong to it. */
  readonly follow: boolean
  readonly share: boolean
  readonly delete: boolean
}

/** What changes in a panel while its prediction stays as it is. */
export interface PanelLive {
  /** Not the one before: it changes the panel, so that it asks again. */
  readonly count: string
  /** Seconds since the prediction was made, and the same as a clock shows it. */
  readonly elapsed: string
  readonly clock: string
}

/**
 * A prediction as it stands. While it is unsettled the panel asks for the next of itself;
 * settled, it carries nothing that could ask.
 */
export function PredictionPanel(props: PredictionPanelProps) {
  const { prediction, schema } = props
  const paths = usePaths()
  const settled = isSettled(prediction)
  const output = outputOf(prediction, schema.output)
  return (
    <article
      class='prediction'
      id='prediction'
      aria-labelledby='prediction-status'
      aria-busy={String(!settled)}
      data-warmth={warmthShownBy(props)}
      data-title={`${stateMark(prediction)} ${modelName(prediction.model)} · Sandpit`}
      {...(settled ? {} : asking(props, paths))}
    >
      <PredictionHead {...props} />
      {prediction.error !== null && output.kind !== 'error' && <Failure error={prediction.error} />}
      {!settled && <Waiting {...props} output={output} />}
      <OutputView output={output} prediction={prediction.id} />
      {prediction.excerpt && <LargeNote prediction={prediction} excerpt={prediction.excerpt} />}
      {props.subRuns.length > 0 && <SubRuns runs={props.subRuns} />}
      {settled && <PredictionActions {...props} output={output} />}
      {settled && <Metrics prediction={prediction} />}
      {prediction.logs !== '' && <Logs prediction={prediction} />}
      <p class='prediction-id'>
        <a href={paths.prediction(prediction.id)}>p/{prediction.id}</a>
      </p>
    </article>
  )
}

/** What a run shows of its model, for the head of a page that was there before it. */
function warmthShownBy({ prediction, position }: PredictionPanelProps): Warmth | undefined {
  if (isWaiting(prediction)) return position === null ? 'booting' : undefined
  return hasFailed(prediction) || prediction.startedAt === null ? undefined : 'warm'
}

/** An unsettled panel fetches its successor. The count makes it another than the one before, so that it asks. */
function asking({ prediction, state, live, pollMs }: PredictionPanelProps, paths: Paths) {
  return {
    'data-live': '',
    ...hx({
      get: `${paths.panel(prediction.id)}?seen=${state}&n=${live.count}`,
      trigger: pollMs === null ? 'load, live' : `load delay:${pollMs}ms, live`,
      swap: 'outerMorph',
      config: 'timeout:40s',
    }),
  }
}

/** The state in one character, for a title that is seen among other tabs. */
export function stateMark(prediction: Prediction): string {
  if (!isSettled(prediction)) return '●'
  return hasFailed(prediction) ? '×' : '✓'
}
