import { modelName } from '../src/domain/model.ts'
import { type Output, outputOf } from '../src/domain/output.ts'
import {
  hasFailed,
  isSettled,
  isWaiting,
  type Prediction,
  type Progress,
  predictTime,
  queueTime,
} from '../src/domain/prediction.ts'
import type { PredictionSummary } from '../src/domain/prediction-page.ts'
import type { ModelSchema } from '../src/domain/schema.ts'
import type { Paths } from '../src/paths.ts'
import { AskedRuns } from './asked-runs.tsx'
import { formatSeconds, ordinal } from './format.ts'
import { hx } from './hx.ts'
import { Failure } from './outputs/error-output.tsx'
import { OutputView } from './outputs/index.tsx'
import { Logs } from './outputs/logs.tsx'
import { OutputActions } from './outputs/output-actions.tsx'
import { usePaths } from './site.ts'
import { TakersMenu, type TakersMenuProps } from './takers-menu.tsx'

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
  readonly goesOn: TakersMenuProps | null
  /** What its model asked of other models. */
  readonly asked: readonly PredictionSummary[]
}

/** What this viewer may do, and so which buttons there are. */
export interface PanelPermissions {
  readonly cancel: boolean
  readonly rerun: boolean
  /** See the other predictions that belong to it. */
  readonly follow: boolean
  readonly share: boolean
  readonly delete: boolean
}

/** What changes in a panel while its prediction stays as it is. */
export interface PanelLive {
  /** How often the panel was asked for: it changes the panel, so that it asks again. */
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
      data-title={`${stateMark(prediction)} ${modelName(prediction.model)} · Sandpit`}
      {...(settled ? {} : asking(props, paths))}
    >
      <PanelHead {...props} />
      {prediction.error !== null && output.kind !== 'error' && <Failure error={prediction.error} />}
      <Waiting {...props} />
      {!settled && prediction.progress && <ProgressBar progress={prediction.progress} />}
      <OutputView output={output} prediction={prediction.id} />
      <AskedRuns runs={props.asked} />
      <Actions {...props} output={output} />
      {settled && <Metrics prediction={prediction} />}
      <Logs prediction={prediction} />
      <p class='prediction-id'>
        <a href={paths.prediction(prediction.id)}>p/{prediction.id}</a>
      </p>
    </article>
  )
}

/** An unsettled panel fetches its successor. The count makes each different, so that each asks. */
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

function PanelHead({ prediction, live, may }: PredictionPanelProps) {
  const paths = usePaths()
  const { status, createdAt, completedAt } = prediction
  return (
    <header class='pane-head'>
      <h2 id='prediction-status'>
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
        <span class='mono'>{formatSeconds((completedAt - createdAt) / 1000)}</span>
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
            disable: 'find button',
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

function Waiting({ prediction, position }: PredictionPanelProps) {
  if (!isWaiting(prediction) || prediction.progress) return null
  if (position !== null)
    return (
      <p>
        <b>{ordinal(position)} in line.</b> It starts when the predictions before it on this model
        are done.
      </p>
    )
  return (
    <div class='progress'>
      <label for='boot'>Starting the model</label>
      <progress id='boot'>no estimate</progress>
    </div>
  )
}

function ProgressBar({ progress }: { progress: Progress }) {
  const { fraction, label, eta } = progress
  const percent = fraction === undefined ? null : `${Math.round(fraction * 100)} %`
  const left = eta === undefined ? null : `about ${formatSeconds(eta)} left`
  return (
    <div class='progress'>
      <label for='progress'>{label ?? 'Running'}</label>
      <span class='mono'>{[percent, left].filter((part) => part !== null).join(', ')}</span>
      <progress id='progress' value={fraction} max={fraction === undefined ? undefined : 1}>
        {percent ?? 'no estimate'}
      </progress>
    </div>
  )
}

function Actions({ prediction, may, goesOn, output }: PredictionPanelProps & { output: Output }) {
  const paths = usePaths()
  if (!isSettled(prediction)) return null
  const tweak = `${paths.model(prediction.model)}?from=${prediction.id}`
  return (
    <div class='actions'>
      <a class={hasFailed(prediction) ? 'button' : 'button run'} href={tweak}>
        Tweak
      </a>
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
      {may.share && (
        <form method='post' action={paths.shares(prediction.id)}>
          <button class='button' type='submit'>
            Share
          </button>
        </form>
      )}
      {goesOn && <TakersMenu {...goesOn} />}
      <OutputActions output={output} prediction={prediction} />
      {may.delete && (
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

function Metrics({ prediction }: { prediction: Prediction }) {
  const queued = queueTime(prediction)
  const ran = predictTime(prediction)
  return (
    <dl class='metrics'>
      {queued !== null && <Metric name='Queued' value={formatSeconds(queued)} />}
      {ran !== null && <Metric name='Ran' value={formatSeconds(ran)} />}
      {prediction.attempt > 1 && <Metric name='Attempts' value={String(prediction.attempt)} />}
      <Metric name='Version' value={prediction.version.slice(0, 8)} />
    </dl>
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
