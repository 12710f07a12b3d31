import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { isObject, type Json, parsePythonJson } from '../../../domain/json/json.ts'
import { beginning } from '../../../domain/json/whole-text.ts'
import type { Channel } from '../../channel.ts'
import { createEventText } from '../../event-text.ts'
import type { Answers, LargeOutput } from '../../response-reader.ts'
import { type Arriving, collect, NotAnswered, type Wire } from '../container-client.ts'
import type { Health } from '../containers/health.ts'
import type { Report } from './container-prediction.ts'

/** What is heard of a run, from whomever. */
export type Heard =
  /** The whole answer, or the last of its events. `text` is its beginning, for the logs. */
  | {
      readonly type: 'answered'
      readonly status: number
      readonly json: Json | undefined
      readonly text: string
      /** Its output, when that is too large to be at hand. */
      readonly large: LargeOutput | null
    }
  /** The prediction as it stands; `posted` by a webhook, or else because it was asked for. */
  | {
      readonly type: 'reported'
      readonly report: Report
      readonly large: LargeOutput | null
      readonly posted: boolean
    }
  | { readonly type: 'item'; readonly index: number; readonly value: Json }
  | { readonly type: 'printed'; readonly text: string }
  | { readonly type: 'measured'; readonly name: string; readonly value: Json }
  /** No answer will come by this connection. */
  | { readonly type: 'cut'; readonly error: NotAnswered }
  /** Somebody looked at the container. `works`: whether it works on this run; null when it cannot say. */
  | { readonly type: 'looked'; readonly health: Health; readonly works: boolean | null }
  /** The run is to be stopped. */
  | { readonly type: 'aborted' }
  /** The container knows nothing of the run that it is to cancel. */
  | { readonly type: 'not canceled' }
  /** A canceled run has had its time to end. */
  | { readonly type: 'out of grace' }

export interface Question {
  readonly url: string
  /** JSON text. */
  readonly body: string
  /** Whether the output is wanted as events. */
  readonly streams: boolean
  /** Whether the container is to answer at once, and to post how it ends. */
  readonly isAsync: boolean
  readonly signal: AbortSignal
  readonly maxAnswerBytes: number
  /** How an answer is read that has come as a whole. */
  readonly read: Answers['read']
  /** Called as bytes arrive. */
  readonly arrived: (bytes: number) => void
}

/** How much of an answer that nobody understands goes to the logs. */
const mostQuoted = 2_000

/** Sends a run to a container, and passes on what it answers until that ends. Never rejects. */
export async function ask(question: Question, wire: Wire, channel: Channel<Heard>): Promise<void> {
  try {
    const answer = await wire.put(...request(question, question.streams))
    // Not every method of a container that streams does.
    const refused = question.streams && answer.status === 406
    if (refused) await collect(answer.body, mostQuoted)
    await hear(refused ? await wire.put(...request(question, false)) : answer, question, channel)
  } catch (error) {
    // Whoever ended the connection knows.
    if (!question.signal.aborted) channel.push({ type: 'cut', error: toldError(error) })
  }
}

function request({ url, body, signal, isAsync }: Question, streams: boolean) {
  const headers = {
    Accept: streams ? 'text/event-stream' : 'application/json',
    ...(isAsync ? { Prefer: 'respond-async' } : {}),
  }
  return [url, body, headers, signal] as const
}

async function hear(answer: Arriving, question: Question, channel: Channel<Heard>): Promise<void> {
  const body = counted(answer.body, question.arrived)
  if (answer.type === 'text/event-stream') return hearEvents(body, question, channel)
  const bytes = await collect(body, question.maxAnswerBytes)
  const text = bytes.subarray(0, mostQuoted).toString('utf8')
  channel.push({ type: 'answered', status: answer.status, text, ...(await question.read(bytes)) })
}

async function* counted(body: AsyncIterable<Uint8Array>, arrived: (bytes: number) => void) {
  for await (const chunk of body) {
    arrived(chunk.byteLength)
    yield chunk
  }
}

async function hearEvents(
  body: AsyncIterable<Uint8Array>,
  { maxAnswerBytes }: Question,
  channel: Channel<Heard>,
): Promise<void> {
  const textOf = createEventText()
  let ended = false
  const parser = createParser({
    onEvent(event) {
      const heard = readEvent(event)
      if (heard) channel.push(heard)
      ended ||= heard?.type === 'answered'
    },
  })
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxAnswerBytes) throw new NotAnswered('its response had no end', true)
    parser.feed(textOf(chunk))
    if (ended) return
    await channel.taken()
  }
  throw new NotAnswered('the connection was closed before the end', true)
}

/** Null for what tells nothing new: that it started, and what a slow reader missed. */
function readEvent({ event, data }: EventSourceMessage): Heard | null {
  const json = jsonIn(data)
  if (!isObject(json)) return null
  switch (event) {
    case 'output':
      return typeof json.index === 'number'
        ? { type: 'item', index: json.index, value: json.chunk ?? null }
        : null
    case 'log':
      return typeof json.data === 'string' ? { type: 'printed', text: json.data } : null
    case 'metric':
      return typeof json.name === 'string'
        ? { type: 'measured', name: json.name, value: json.value ?? null }
        : null
    case 'completed':
      return { type: 'answered', status: 200, json, text: beginning(data, mostQuoted), large: null }
    default:
      return null
  }
}

function jsonIn(text: string): Json | undefined {
  try {
    return parsePythonJson(text)
  } catch {
    return undefined
  }
}

function toldError(error: unknown): NotAnswered {
  if (error instanceof NotAnswered) return error
  return new NotAnswered('the connection was cut', true, { cause: error })
}
