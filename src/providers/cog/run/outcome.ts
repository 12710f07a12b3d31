import { beginning } from '../../../domain/json/excerpt.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { LargeOutputFile } from '../../response-reader.ts'
import type { ContainerPrediction } from './container-prediction.ts'
import type { FollowEnd, FollowOptions } from './follow.ts'
import { refusalSentence } from './refusal.ts'
import type { Answered } from './run-update.ts'

/** Reports what is new of a prediction that is not finished. */
export async function* reportProgress(
  { logs, output }: ContainerPrediction,
  { reporter }: FollowOptions,
): AsyncGenerator<Occurrence> {
  yield* reporter.logsSoFar(logs)
  yield* reporter.outputSoFar(output)
}

interface Finished {
  readonly prediction: ContainerPrediction
  /** Its output, when that is too large to be in `prediction`. */
  readonly large: LargeOutputFile | null
}

/** Reports the rest of a finished prediction, and how it ended. */
export async function* reportOutcome(
  { prediction, large }: Finished,
  options: FollowOptions,
): AsyncGenerator<Occurrence, 'ended'> {
  const { reporter } = options
  const { metrics } = prediction
  yield* reporter.logsSoFar(prediction.logs)
  if (Object.keys(metrics).length > 0) yield { type: 'measured', metrics }
  if (large || reporter.hasFiles(prediction.output)) yield { type: 'entered', phase: 'saving' }
  yield* large ? reporter.largeOutput(large) : reporter.output(prediction.output)
  switch (prediction.outcome) {
    case 'success':
      yield { type: 'succeeded' }
      return 'ended'
    case 'canceled':
      yield canceled(options)
      return 'ended'
    default:
      yield* failed(prediction, options)
      return 'ended'
  }
}

function canceled({ run, postsEnd }: FollowOptions): Occurrence {
  // A run that was followed on after a restart of the server was canceled by us, to run again.
  return run.remote !== null && !postsEnd
    ? { type: 'interrupted', rerun: true }
    : { type: 'failed', error: 'The container canceled this run without being asked to.' }
}

function* failed(
  { error, logs }: ContainerPrediction,
  { reporter }: FollowOptions,
): Generator<Occurrence> {
  const sentence = beginning(error, 1_000)
  if (sentence !== '' && !logs.includes(sentence)) yield* reporter.note(error)
  yield { type: 'failed', error: sentence || 'The model failed without an error message.' }
}

/** Handles a response that is not a finished prediction. */
export async function* reportUnexpected(
  { status, json, text }: Answered,
  { reporter, container, onDemand }: FollowOptions,
): AsyncGenerator<Occurrence, FollowEnd> {
  if (status === 409) return 'refused'
  const health = await container.checkHealth()
  const isStarting = onDemand && health.condition === 'unreachable'
  if (status === 503 && (isStarting || health.condition === 'booting')) return 'refused'
  yield* reporter.note(`${container.origin} answered ${status}: ${text}`)
  yield { type: 'failed', error: sentenceFor(status, json) }
  return 'ended'
}

function sentenceFor(status: number, json: Answered['json']): string {
  if (status === 422) return refusalSentence(json)
  if (status === 413) return 'The input is too large for its container.'
  if (status === 404) return 'Its container accepts no predictions: its model could not be loaded.'
  if (status === 503) return 'Its container cannot run predictions at the moment.'
  if (status === 504)
    return 'A proxy stopped waiting for its container (504): its time limit is shorter than this run.'
  if (status >= 500)
    return `Its container failed (${status}). The container’s own logs may have the reason.`
  if (status >= 300 && status < 400)
    return 'Its container returned a redirect, which is not followed.'
  if (status < 300) return 'Its container returned something that is not a prediction.'
  return `Its container refused the request (${status}).`
}
