import type { JsonObject } from '../../src/domain/json/json.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { Output } from '../../src/domain/output/output.ts'
import { isWaiting, type Progress } from '../../src/domain/prediction/prediction.ts'
import type { ValueSchema } from '../../src/domain/schema/value-schema.ts'
import { formatSeconds, ordinal } from '../format.tsx'
import type { PanelLive, PredictionPanelProps } from './prediction-panel.tsx'

interface WaitingProps extends PredictionPanelProps {
  /** The output so far. */
  readonly output: Output
}

/** The progress of an unsettled prediction: in the queue, booting or running. */
export function Waiting({ prediction, position, live, schema, output }: WaitingProps) {
  const name = modelName(prediction.model)
  if (prediction.progress) return <ProgressBar progress={prediction.progress} />
  if (!isWaiting(prediction))
    return output.kind === 'stream' ? null : <Working {...{ prediction, schema, output }} />
  return position === null ? (
    <Boot model={name} live={live} />
  ) : (
    <QueuePosition model={name} position={position} />
  )
}

/** The most squares that fit beside each other on a phone. */
const mostPits = 7

/** The queue as squares: the running prediction, those ahead of this one, and this one. */
function QueuePosition({ model, position }: { model: string; position: number }) {
  const first = Math.max(1, position - mostPits + 2)
  const positions = Array.from({ length: position - first + 1 }, (_, index) => first + index)
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
        <b>{ordinal(position)} in the queue.</b> It starts when the predictions ahead of it have
        finished.
      </p>
    </div>
  )
}

function Boot({ model, live }: { model: string; live: PanelLive }) {
  return (
    <>
      <div class='progress'>
        <label for='boot'>Starting {model}</label>
        <span class='mono'>
          <span data-elapsed={live.elapsed}>{live.clock}</span> so far
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
function Working({
  prediction,
  schema,
  output,
}: Pick<WaitingProps, 'prediction' | 'schema' | 'output'>) {
  const slots = output.kind === 'empty' ? expectedFiles(schema.output, prediction.input) : 0
  return (
    <>
      <div class='progress'>
        <label for='progress'>Running</label>
        <span class='mono'>no estimate</span>
        <progress id='progress'>no estimate</progress>
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

const mostSlots = 8

/** The number of files that a run will make, from its schema and inputs. */
function expectedFiles(schema: ValueSchema, input: JsonObject): number {
  if (schema.format === 'uri') return 1
  if (schema.items?.format !== 'uri') return 0
  const { num_outputs: asked } = input
  return typeof asked === 'number' && asked >= 1 ? Math.min(mostSlots, Math.floor(asked)) : 1
}

function ProgressBar({ progress }: { progress: Progress }) {
  const { fraction, label, eta } = progress
  const percent = fraction === undefined ? null : `${Math.round(fraction * 100)} %`
  const left = eta === undefined ? null : `about ${roundSeconds(eta)} left`
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

/** An estimate in whole seconds. */
function roundSeconds(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : formatSeconds(seconds)
}
