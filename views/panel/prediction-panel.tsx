import type { PropsWithChildren } from 'hono/jsx'
import type { Json } from '../../src/domain/json/json.ts'
import type { Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { wasCold } from '../../src/domain/prediction/durations.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import {
  hasFailed,
  isSettled,
  isWaiting,
  type Prediction,
} from '../../src/domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../src/domain/prediction/prediction-list.ts'
import { seedOf } from '../../src/domain/prediction/seed.ts'
import type { Place } from '../../src/domain/prediction/turns.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import type { Paths } from '../../src/paths.ts'
import { runEstimate } from '../form/run-bar.tsx'
import { hx } from '../hx.ts'
import { Failure } from '../outputs/error-output.tsx'
import { usePaths } from '../site.ts'
import { PredictionAsJson } from './output-switch.tsx'
import { Preview } from './prediction-preview.tsx'
import { PredictionActions, PredictionHead } from './prediction-status.tsx'
import { Waiting } from './prediction-waiting.tsx'
import { Timeline } from './timeline.tsx'
import type { UseAsInputProps } from './use-as-input.tsx'

/** Its place, and whether it waits for others of its person, who run as many at once as they may. */
type ShownPlace = Place & { readonly isHeld: boolean }

export interface PredictionPanelProps {
  readonly prediction: Prediction
  readonly schema: ModelSchema
  /** Its place in the queue of its model; null when it does not wait there. */
  readonly place: ShownPlace | null
  /** How many predictions of its model run now. */
  readonly running: number
  /** How long a run of its model typically takes, in milliseconds; null when that is not known. */
  readonly typicalMs: number | null
  /** How long its boot typically takes, in milliseconds; null when that is not known. */
  readonly bootMs: number | null
  readonly live: PanelLive
  /** The state shown. Opaque; the panel’s next request sends it back. */
  readonly state: string
  /** The poll interval; null when the server holds the request until there is news. */
  readonly pollMs: number | null
  readonly may: PanelPermissions
  /** Whether the viewer made it, or acts for its account. */
  readonly isTheirs: boolean
  /** The models that take the output; null when there is no file. */
  readonly useAsInput: UseAsInputProps | null
  /** The prediction as JSON, where that is shown instead of its output; null elsewhere. */
  readonly json: Json | null
  /** The address of the page; that of the prediction when left out. */
  readonly here?: string
  /** The predictions that its model started. */
  readonly subRuns: readonly PredictionSummary[]
}

/** The actions that the viewer may take, and so the buttons. */
export interface PanelPermissions {
  readonly cancel: boolean
  readonly rerun: boolean
  /** Open the form with its inputs. */
  readonly tweak: boolean
  /** See its sub-runs and its version. */
  readonly follow: boolean
  readonly share: boolean
  readonly delete: boolean
}

/** The values in a panel that change while its prediction does not. */
export interface PanelLive {
  /** Alternates between 1 and 2, so that htmx takes each panel for a new element that loads the next. */
  readonly count: string
  /** Seconds since the prediction was created, as a number and as a clock. */
  readonly elapsed: string
  readonly clock: string
  /** Seconds since it began to run; the empty text before. */
  readonly ran: string
  /** Seconds in its present phase, as a number and as a clock. */
  readonly inPhase: string
  readonly phaseClock: string
}

/**
 * The state of a prediction. An unsettled panel requests its successor; a settled one has no htmx
 * attributes for that.
 */
export function PredictionPanel(props: PredictionPanelProps) {
  const { prediction, schema, json } = props
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
      data-estimate={estimateShownBy(props)}
      data-seed={seedOf(prediction)?.toString()}
      data-title={`${stateMark(prediction)} ${modelName(prediction.model)} · Sandpit`}
      {...(settled ? {} : polling(props, paths))}
    >
      <PredictionHead {...props} />
      {wasCold(prediction) && <Timeline of={prediction} live={props.live} />}
      {prediction.error !== null && output.kind !== 'error' && <Failure error={prediction.error} />}
      {!settled && <Waiting {...props} output={output} />}
      {json === null ? (
        <Preview {...props} output={output} />
      ) : (
        <>
          <PredictionAsJson id={prediction.id} json={json} />
          <PredictionActions {...props} output={output} />
        </>
      )}
      <p class='prediction-id'>
        <a href={paths.prediction(prediction.id)}>p/{prediction.id}</a>
      </p>
    </article>
  )
}

/** How long the next run takes, for the bar with Run; undefined until this one has ended. */
function estimateShownBy({ prediction, typicalMs }: PredictionPanelProps): string | undefined {
  if (!isSettled(prediction)) return undefined
  return runEstimate({ typicalMs, isCold: false, bootMs: null, ahead: 0 })
}

/** The warmth of the model that a run implies, for the head of the workspace. */
function warmthShownBy({ prediction, place }: PredictionPanelProps): Warmth | undefined {
  if (isWaiting(prediction)) return place === null ? 'booting' : undefined
  return hasFailed(prediction) || prediction.startedAt === null ? undefined : 'warm'
}

/** The htmx attributes with which an unsettled panel requests its successor. */
function polling({ prediction, state, live, pollMs }: PredictionPanelProps, paths: Paths) {
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

/** The state in one character, for the title of the tab. */
export function stateMark(prediction: Prediction): string {
  if (!isSettled(prediction)) return '●'
  return hasFailed(prediction) ? '×' : '✓'
}

/** The right half of the workspace. */
export function ResultPane({ children }: PropsWithChildren) {
  return (
    <section class='result' id='result' aria-label='Result'>
      <div class='stay'>{children}</div>
    </section>
  )
}

/** A panel with a note for when it cannot be updated. `here` is the address of the page. */
export function WatchedPanel({ here, ...panel }: PredictionPanelProps & { here: string }) {
  return (
    <>
      {!isSettled(panel.prediction) && <ConnectionNote here={here} />}
      <PredictionPanel {...panel} here={here} />
    </>
  )
}

/** The messages that `public/answers.js` shows while a panel gets no response from Sandpit. */
export function ConnectionNote({ here }: { here: string }) {
  return (
    <p
      class='notice'
      id='connection'
      role='status'
      hidden
      data-offline='You are offline. This page will update when you reconnect.'
      data-unreached='The server cannot be reached. Still trying.'
      data-signed-out='You may be signed out. Reload the page to sign in again.'
      data-busy='Too many requests. This page will try again shortly.'
      data-unavailable='The server returned an error ({status}). Still trying.'
      data-undone='That was not done. Try again.'
    >
      <span />{' '}
      <a class='button' href={here}>
        Reload
      </a>
    </p>
  )
}

/** Tells one press on Run from the next. */
export function FormKey({ value }: { value: string }) {
  return <input type='hidden' name='key' value={value} id='form-key' />
}

/** A link to reload the page, for browsers without scripts. */
export function LookAgain({ here, seconds }: { here: string; seconds: number }) {
  return (
    <noscript>
      <p class='field-note'>
        This page refreshes every {seconds} s. <a href={here}>Refresh now</a>
      </p>
    </noscript>
  )
}

/**
 * Reloads the page, in browsers without scripts. With its address: one that ends in a fragment would
 * only be scrolled.
 */
export function Refresh({ here, seconds }: { here: string; seconds: number }) {
  return (
    <noscript>
      <meta http-equiv='refresh' content={`${seconds};url=${here}`} />
    </noscript>
  )
}
