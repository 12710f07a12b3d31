import { beginning } from '../../../domain/json/whole-text.ts'
import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import type { LargeOutput } from '../../response-reader.ts'
import type { Report } from './container-prediction.ts'
import type { End, ListenOptions } from './follow.ts'
import { refusalSentence } from './refusal.ts'
import type { Heard } from './send.ts'

/** The prediction as it stands, while the container works on it. */
export async function* told(
  { logs, output }: Report,
  { tally }: ListenOptions,
): AsyncGenerator<Occurrence> {
  yield* tally.printedAll(logs)
  yield* tally.grown(output)
}

/** The prediction as it ended. */
export async function* ended(
  report: Report,
  options: ListenOptions,
  large: LargeOutput | null = null,
): AsyncGenerator<Occurrence, End> {
  const { tally } = options
  yield* tally.printedAll(report.logs)
  if (Object.keys(report.metrics).length > 0) yield { type: 'measured', metrics: report.metrics }
  if (large) yield* tally.large(large)
  else yield* tally.whole(report.output)
  switch (report.ended) {
    case 'well':
      yield { type: 'succeeded' }
      return 'over'
    case 'canceled':
      // An earlier server process asked for it, and this one told it to stop, to run it again.
      if (options.run.remote !== null && !options.reports) {
        yield { type: 'interrupted', rerun: true }
        return 'over'
      }
      yield {
        type: 'failed',
        error: 'The container canceled this run without being asked to.',
      }
      return 'over'
    default: {
      const sentence = beginning(report.error, 1_000)
      if (sentence !== '' && !report.logs.includes(sentence)) yield* tally.noted(report.error)
      yield { type: 'failed', error: sentence || 'The model failed without an error message.' }
      return 'over'
    }
  }
}

type Answered = Extract<Heard, { type: 'answered' }>

/** An answer that is not a prediction that ended. */
export async function* unfinished(
  answer: Answered,
  options: ListenOptions,
): AsyncGenerator<Occurrence, End> {
  const { status, json, text } = answer
  const { tally, container } = options
  if (status === 409) return 'refused'
  const health = await container.look()
  if (status === 503 && health.condition === 'booting') return 'refused'
  yield* tally.noted(`${container.origin} answered ${status}: ${text}`)
  yield { type: 'failed', error: sentenceFor(status, json) }
  return 'over'
}

function sentenceFor(status: number, json: Answered['json']): string {
  if (status === 422) return refusalSentence(json)
  if (status === 413) return 'The input is too large for its container.'
  if (status === 404) return 'Its container accepts no predictions: its model could not be loaded.'
  if (status === 503) return 'Its container cannot run predictions at the moment.'
  if (status >= 500)
    return `Its container failed (${status}). The container’s own logs may have the reason.`
  if (status >= 300 && status < 400)
    return 'Its container returned a redirect, which is not followed.'
  if (status < 300) return 'Its container returned something that is not a prediction.'
  return `Its container refused the request (${status}).`
}
