import type { JsonObject } from '../../src/domain/json/json.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { Output } from '../../src/domain/output/output.ts'
import { isWaiting, type Progress } from '../../src/domain/prediction/prediction.ts'
import { tokenFigures } from '../../src/domain/prediction/token-figures.ts'
import type { Place } from '../../src/domain/prediction/turns.ts'
import type { ValueSchema } from '../../src/domain/schema/value-schema.ts'
import { formatAbout, formatRoughly, formatWholeSeconds, ordinal } from '../format.tsx'
import type { PredictionPanelProps } from './prediction-panel.tsx'

interface WaitingProps extends PredictionPanelProps {
  /** The output so far. */
  readonly output: Output
}

/** The progress of an unsettled prediction: in the queue, booting or running. */
export function Waiting(props: WaitingProps) {
  const { prediction, place, live, output } = props
  const name = modelName(prediction.model)
  const { progress, logs, metrics } = prediction
  if (progress && Object.keys(progress).length > 0) return <ProgressBar progress={progress} />
  const isReasoning = logs !== '' && tokenFigures(metrics).reasoning !== null
  if (!isWaiting(prediction))
    return output.kind === 'stream' || isReasoning ? null : <Working {...props} />
  return place === null ? (
    <Boot model={name} live={live} bootMs={props.bootMs} />
  ) : (
    <QueuePlace {...{ ...props, model: name, place }} />
  )
}

/** The most squares that fit beside each other on a phone. */
const mostPits = 7

interface QueueProps extends Pick<WaitingProps, 'running' | 'typicalMs' | 'isTheirs'> {
  readonly model: string
  readonly place: NonNullable<WaitingProps['place']>
}

/** The queue as squares: the running prediction, those ahead of this one, and this one. */
function QueuePlace({ model, place, running, typicalMs, isTheirs }: QueueProps) {
  const position = place.before + 1
  const first = Math.max(1, position - mostPits + 2)
  const positions = Array.from({ length: position - first + 1 }, (_, index) => first + index)
  const words = placeInWords(place, isTheirs)
  const isTimed = typicalMs !== null && running > 0 && !place.isHeld
  return (
    <div>
      <ol class='queue' aria-label={`Queue for ${model}`}>
        <li class='at-work'>
          <span class='visually-hidden'>Running</span>
        </li>
        {first > 1 && <li aria-label={`${first - 1} more`}>…</li>}
        {positions.map((one) =>
          one === position ? (
            <li class='yours' aria-current='true'>
              {one}
            </li>
          ) : (
            <li>{one}</li>
          ),
        )}
      </ol>
      <p>
        <b>
          {words}
          {isTimed && `, ${formatAbout(waitMs(position, running, typicalMs))}`}.
        </b>{' '}
        {isTimed
          ? `The last runs took ${formatRoughly(typicalMs)} each, and ${running === 1 ? 'one runs' : `${running} run`} at a time.`
          : startsWhen(place.isHeld, isTheirs)}
        {behindInWords(place, isTheirs)}
      </p>
    </div>
  )
}

/** The place among those of one account is known. Where accounts take turns, others may come in between. */
function placeInWords({ before, own }: Place, isTheirs: boolean): string {
  if (before === own) return `${ordinal(before + 1)} in the queue`
  const yours = isTheirs && own > 0 ? `, ${own} of them yours` : ''
  return `About ${before} before ${isTheirs ? 'you' : 'it'}${yours}`
}

function startsWhen(isHeld: boolean, isTheirs: boolean): string {
  if (!isHeld) return 'It starts when the predictions ahead of it have finished.'
  return isTheirs
    ? 'You run as many at once as you may: it starts when one of those has ended.'
    : 'Its maker runs as many at once as they may: it starts when one of those has ended.'
}

function behindInWords({ behind }: Place, isTheirs: boolean): string {
  return isTheirs && behind > 0
    ? ` ${behind} more of yours ${behind === 1 ? 'waits' : 'wait'} behind this.`
    : ''
}

/** How long a prediction waits until it starts. In a queue, as many run as may run. */
function waitMs(position: number, running: number, typicalMs: number): number {
  return Math.ceil(position / running) * typicalMs
}

interface BootProps extends Pick<WaitingProps, 'bootMs' | 'live'> {
  readonly model: string
}

function Boot({ model, live, bootMs }: BootProps) {
  return (
    <>
      <div class='progress'>
        <label for='boot'>Starting {model}</label>
        <span class='mono'>
          <span data-elapsed={live.elapsed}>{live.clock}</span> so far
          {bootMs !== null && `, usually ${formatRoughly(bootMs)}`}
        </span>
        <progress id='boot'>no estimate</progress>
      </div>
      <p class='field-note'>
        This model was cold, so it is loading first. Later predictions start immediately while it
        stays warm.
      </p>
    </>
  )
}

/** A run without progress. Expected files have slots before they arrive. */
function Working({ prediction, schema, output, typicalMs, live }: WaitingProps) {
  const slots = output.kind === 'empty' ? expectedFiles(schema.output, prediction.input) : 0
  return (
    <>
      <div class='progress'>
        <label for='progress'>Running</label>
        <span class='mono'>
          {typicalMs === null ? 'no estimate' : `usually ${formatRoughly(typicalMs)}`}
        </span>
        <EstimatedProgress ran={live.ran} typicalMs={typicalMs} />
      </div>
      {slots > 0 && (
        <div class='gallery' aria-hidden='true'>
          {Array.from({ length: slots }, (_, index) => (
            <div class='slot'>{index + 1}</div>
          ))}
        </div>
      )}
    </>
  )
}

interface EstimatedProgressProps {
  /** Seconds so far, or a mark for them. */
  readonly ran: string
  readonly typicalMs: number | null
}

/**
 * The time so far against the usual time: what a model does is not known better when it reports
 * nothing. Past the usual time there is no estimate. `public/page.js` keeps it going.
 */
function EstimatedProgress({ ran, typicalMs }: EstimatedProgressProps) {
  if (typicalMs === null || typicalMs < 1_000) return <progress id='progress'>no estimate</progress>
  const usual = typicalMs / 1000
  const value = Number(ran) < usual ? ran : undefined
  return (
    <progress id='progress' max={usual} value={value} data-ran={ran}>
      usually {formatRoughly(typicalMs)}
    </progress>
  )
}

const mostSlots = 8

/** The number of files that a run will make, from its schema and inputs. */
function expectedFiles(schema: ValueSchema, input: JsonObject): number {
  if (schema.format === 'uri') return 1
  if (schema.items?.format !== 'uri') return 0
  const { num_outputs: asked } = input
  return typeof asked === 'number' && asked >= 1 ? Math.min(mostSlots, Math.floor(asked)) : 1
}

/** How far work is, with the logs of the set-up that it waits for. */
export function ProgressBar({ progress }: { progress: Progress }) {
  const { fraction, label, eta, preview, log } = progress
  const percent = fraction === undefined ? null : `${Math.round(fraction * 100)} %`
  const left = eta === undefined ? null : `about ${formatWholeSeconds(eta)} left`
  return (
    <>
      <div class='progress'>
        <label for='progress'>{label ?? 'Running'}</label>
        <span class='mono'>{[percent, left].filter((part) => part !== null).join(', ')}</span>
        <progress id='progress' value={fraction} max={fraction === undefined ? undefined : 1}>
          {percent ?? 'no estimate'}
        </progress>
      </div>
      {preview !== undefined && <img src={preview} alt='Preview' />}
      {log !== undefined && (
        <details class='logs' open>
          <summary>Setup logs</summary>
          <pre tabindex={0} role='region' aria-label='Setup logs'>
            {log}
          </pre>
        </details>
      )}
    </>
  )
}
