import type { JsonObject } from '../../domain/json.ts'
import type { Occurrence } from '../../domain/prediction.ts'
import type { Channel } from '../channel.ts'
import type { Run } from '../provider.ts'
import type { Heard } from './ask.ts'
import { cancelUpstream } from './cancel.ts'
import type { Container } from './container.ts'
import type { CogLimits } from './limits.ts'
import { refusalSentence } from './refusal.ts'
import { type Report, readReport } from './reply.ts'
import type { Tally } from './tally.ts'
import type { createVigil, Loss } from './vigil.ts'
import type { Wire } from './wire.ts'

export interface ListenOptions {
  readonly run: Run
  readonly container: Container
  /** The run's own address at the container. */
  readonly url: string
  readonly wire: Wire
  readonly limits: CogLimits
  readonly channel: Channel<Heard>
  readonly tally: Tally
  readonly vigil: ReturnType<typeof createVigil>
  /** Whether an answer may still come by the connection, and how much of it has. */
  readonly connection: { open: boolean; bytes: number }
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal
}

/**
 * `over`: the end was reported. `refused`: the container does not take it now. `left`: the server
 * stops, and the container goes on.
 */
export type End = 'over' | 'refused' | 'left'

/** Reports what is heard of a run until it ends, in whichever way. */
export async function* listen(options: ListenOptions): AsyncGenerator<Occurrence, End> {
  const { run, channel, tally, connection } = options
  if (!connection.open) {
    const end = yield* adrift(options)
    if (end) return end
  }
  let bytes = 0
  /** How it ended, by a webhook: the answer is about to say the same. */
  let last: Report | null = null
  while (true) {
    const heard = await channel.next()
    switch (heard.type) {
      case 'answered': {
        const report = heard.status === 200 ? readReport(heard.json) : null
        if (report?.ended) return yield* ended(report, options)
        return yield* unfinished(heard, options)
      }
      case 'reported':
        if (!heard.report.ended) yield* told(heard.report, options)
        else if (connection.open) last = heard.report
        else return yield* ended(heard.report, options)
        break
      case 'item': {
        const wrong = yield* tally.item(heard.index, heard.value)
        if (wrong !== null) {
          await tellToStop(options)
          return yield* misfitting(wrong, options)
        }
        break
      }
      case 'printed':
        yield* tally.printed(heard.text)
        break
      case 'measured':
        yield { type: 'measured', metrics: { [heard.name]: heard.value } }
        break
      case 'cut': {
        connection.open = false
        if (last) return yield* ended(last, options)
        if (!heard.error.sent) return 'refused'
        yield* tally.noted(`${options.container.origin}: ${rawOf(heard.error)}`)
        const end = yield* adrift(options, heard.error.message)
        if (end) return end
        break
      }
      case 'looked': {
        const arriving = connection.bytes > bytes
        bytes = connection.bytes
        if (last && !arriving) return yield* ended(last, options)
        const loss = options.vigil.loss(heard, { connected: connection.open, arriving })
        if (loss) return yield* lost(loss, options)
        break
      }
      case 'aborted':
        if (run.signal.reason === 'stopped') return await leave(options)
        void cancelUpstream(options)
        break
      case 'not canceled':
        yield* tally.noted('The container cannot cancel this run, so it works on it to its end.')
        break
      case 'out of grace':
        yield* tally.noted('The container did not stop when it was told to, and is left alone.')
        return 'over'
    }
  }
}

/**
 * The connection is gone, or was another server's. Waits on where webhooks will tell how it ends,
 * or a coglet can be asked. Otherwise the answer is lost, and what works for it may as well stop.
 */
async function* adrift(
  options: ListenOptions,
  why?: string,
): AsyncGenerator<Occurrence, End | null> {
  const { run, container } = options
  if (run.callbackUrl !== null) return null
  const health = await container.look()
  if (why === undefined) {
    if (health.coglet) return null
    yield { type: 'progressed', progress: { label: 'Waiting until what was cut short has ended' } }
    await tellToStop(options)
    return null
  }
  await tellToStop(options)
  const gone = health.condition === 'unreachable'
  const error = gone
    ? `Its container went away while it worked on this: ${health.reason}.`
    : `The answer of its container was lost: ${why}.`
  yield { type: 'failed', error }
  return 'over'
}

/** The server stops: what can be followed on later goes on, what cannot is stopped for another attempt. */
async function leave(options: ListenOptions): Promise<End> {
  const { run, container } = options
  const goesOn = run.callbackUrl !== null && !container.health()?.coglet
  if (!goesOn) await tellToStop(options)
  return 'left'
}

/** The prediction as it stands, while the container works on it. */
async function* told(
  { logs, output }: Report,
  { tally }: ListenOptions,
): AsyncGenerator<Occurrence> {
  yield* tally.printedAll(logs)
  // What is wrong with a part is said at the end, of the whole.
  if (tally.grows) yield* tally.whole(output)
}

async function* ended(report: Report, options: ListenOptions): AsyncGenerator<Occurrence, End> {
  const { tally } = options
  yield* tally.printedAll(report.logs)
  yield* measured(report.metrics)
  const wrong = yield* tally.whole(report.output)
  switch (report.ended) {
    case 'well':
      if (wrong !== null) return yield* misfitting(wrong, options)
      yield { type: 'succeeded' }
      return 'over'
    case 'canceled':
      yield {
        type: 'failed',
        error: 'The container canceled this run, which nobody asked for here.',
      }
      return 'over'
    default: {
      const sentence = report.error.slice(0, 1_000)
      if (sentence !== '' && !report.logs.includes(sentence)) yield* tally.noted(report.error)
      yield { type: 'failed', error: sentence || 'The model failed without saying why.' }
      return 'over'
    }
  }
}

function* measured(metrics: JsonObject): Generator<Occurrence> {
  if (Object.keys(metrics).length > 0) yield { type: 'measured', metrics }
}

async function* misfitting(wrong: string, options: ListenOptions): AsyncGenerator<Occurrence, End> {
  yield* options.tally.noted(`The output does not fit the model's schema: ${wrong}`)
  yield { type: 'failed', error: `The model made what its own schema forbids: ${wrong}` }
  return 'over'
}

/** Whether it hears that is its own matter. */
async function tellToStop({ url, wire }: ListenOptions): Promise<void> {
  await wire.post(`${url}/cancel`).catch(() => {})
}

type Answered = Extract<Heard, { type: 'answered' }>

/** An answer that is not a prediction that ended. */
async function* unfinished(
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
  if (status === 404) return 'Its container runs no predictions: its model could not be loaded.'
  if (status === 503) return 'Its container cannot run anything now.'
  if (status >= 500) return `Its container failed by itself (${status}). Its own logs may say why.`
  if (status >= 300 && status < 400)
    return 'Its container answered with a redirect, which is not followed.'
  if (status < 300) return 'Its container answered with something that is not a prediction.'
  return `Its container refused this (${status}).`
}

async function* lost(loss: Loss, options: ListenOptions): AsyncGenerator<Occurrence, End> {
  const { run, container, tally, connection } = options
  const { reason = null } = container.health() ?? {}
  // What was asked by an earlier server process, and can have no answer any more, may run again.
  if (run.remote !== null && loss !== 'gone') {
    await tellToStop(options)
    yield { type: 'interrupted', rerun: true }
    return 'over'
  }
  yield* tally.noted(`${container.origin}: ${loss}${reason === null ? '' : `, ${reason}`}`)
  connection.open = false
  yield { type: 'failed', error: lossSentences[loss] }
  return 'over'
}

const lossSentences: Readonly<Record<Loss, string>> = {
  restarted: 'Its container was started again while it worked on this.',
  idle: 'Its container is done with this, and its answer never arrived.',
  gone: 'Its container cannot be reached any more.',
}

function rawOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message
  const { code } = cause as { code?: string }
  return `${message} (${cause.message}${code === undefined ? '' : `, ${code}`})`
}
