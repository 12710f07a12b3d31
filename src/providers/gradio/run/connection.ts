import { createParser } from 'eventsource-parser'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import { objectIn, textIn } from '../../../domain/json/parts.ts'
import type { Channel } from '../../channel.ts'
import { createEventStreamDecoder } from '../../event-stream-decoder.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { collect } from '../../upstream/collect.ts'
import { readJson } from '../../upstream/document.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { Serving } from '../apps/look.ts'
import type { GradioLimits } from '../limits.ts'
import { type Message, messageIn } from './messages.ts'

/** A message of the run, or why no more come. */
export type Update =
  | Message
  | { readonly type: 'aborted' }
  | { readonly type: 'closed'; readonly reason: string }

export interface ConnectionOptions {
  readonly serving: Serving
  readonly client: UpstreamClient
  readonly limits: GradioLimits
  /** Names the connection to the app, and keeps the state of the run apart from that of others. */
  readonly session: string
  /** The run's id in the app; null when the app did not answer with one. */
  readonly event: string | null
  readonly channel: Channel<Update>
  /** Closes the connection, which cancels the run in the app. */
  readonly signal: AbortSignal
}

/** Reads what an app says of a run, and pushes it into the channel until the run ends. Never rejects. */
export async function readRun(options: ConnectionOptions): Promise<void> {
  const { channel, signal } = options
  try {
    if (await readMessages(options)) return
    channel.push({ type: 'closed', reason: 'it closed the connection before the end' })
  } catch (error) {
    // After an abort no reader is left.
    if (!signal.aborted) channel.push({ type: 'closed', reason: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the connection was cut'
}

/** Whether the end of the run was among the messages. */
async function readMessages(options: ConnectionOptions): Promise<boolean> {
  const { serving, client, limits, session, event, channel, signal } = options
  const { url, headers, config } = serving
  const address = `${url}${config.prefix}/queue/data?session_hash=${session}`
  const accept = { ...headers, Accept: 'text/event-stream' }
  const asked = { method: 'GET', headers: accept, signal } as const
  const { status, type, body } = await client.send(address, asked)
  if (status !== 200 || type !== 'text/event-stream') {
    await collect(body, mostQuotedBytes).catch(() => {})
    throw new RequestError(`it returned ${status} instead of a stream`, true)
  }
  const texts: string[] = []
  const parser = createParser({
    maxBufferSize: limits.maxEventUnits,
    onEvent({ data }) {
      if (data.length > limits.maxEventUnits) throw tooLarge()
      texts.push(data)
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw tooLarge()
    },
  })
  const decode = createEventStreamDecoder()
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > limits.maxStreamBytes) throw new RequestError('its messages had no end', true)
    parser.feed(decode(chunk))
    for (const text of texts.splice(0)) {
      const message = await readMessage(text, event)
      if (message) channel.push(message)
      if (message && isEnd(message)) return true
    }
    await channel.drained()
  }
  return false
}

/** Null for what is no message of the run. */
async function readMessage(text: string, run: string | null): Promise<Message | null> {
  const read = await readJson(text)
  if (read.kind === 'large') throw tooLarge()
  const { event, message } = messageIn(read.json, text.length) ?? { event: null, message: null }
  return event === null || run === null || event === run ? message : null
}

function tooLarge(): RequestError {
  return new RequestError('one of its messages is too large', true)
}

const mostQuotedBytes = 2_000

function isEnd({ type }: Message): boolean {
  return type === 'completed' || type === 'emptied' || type === 'failed' || type === 'lost'
}

/** What came of the request to run an endpoint. */
export type Joined =
  /** `event`: its id in the app; null when the app has it, or not: no answer came. */
  | { readonly kind: 'joined'; readonly event: string | null }
  /** The app does not take it now, and why, as a part of a sentence. */
  | { readonly kind: 'full' | 'away' | 'closed'; readonly reason: string }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly json: Json | undefined
      readonly text: string
    }

/** Asks an app to run an endpoint with some values. */
export async function join(
  { url, headers, config }: Serving,
  client: UpstreamClient,
  call: { readonly fn: number; readonly data: readonly Json[]; readonly session: string },
): Promise<Joined> {
  const { fn, data, session } = call
  const body = formatJson({ data, fn_index: fn, session_hash: session })
  try {
    const response = await client.post(`${url}${config.prefix}/queue/join`, body, headers)
    const { status, json, text } = response
    const event = textIn(objectIn(json).event_id)
    if (status === 200 && event !== '') return { kind: 'joined', event }
    if (status === 503) return { kind: 'full', reason: 'its queue is full' }
    if (status === 401) return { kind: 'closed', reason: 'it asks to sign in' }
    return { kind: 'refused', status, json, text }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return error.sent ? { kind: 'joined', event: null } : { kind: 'away', reason: error.message }
  }
}

/** Asks an app to cancel a run. Never rejects: the answer says nothing. */
export async function requestCancel(
  { url, headers, config }: Serving,
  client: UpstreamClient,
  run: { readonly fn: number; readonly session: string; readonly event: string | null },
): Promise<void> {
  const { fn, session, event } = run
  const body = formatJson({ session_hash: session, fn_index: fn, event_id: event ?? '' })
  await client.post(`${url}${config.prefix}/cancel`, body, headers).catch(() => {})
}
