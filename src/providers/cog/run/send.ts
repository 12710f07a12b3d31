import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { beginning } from '../../../domain/json/excerpt.ts'
import { isObject, type Json, parsePythonJson } from '../../../domain/json/json.ts'
import type { Channel } from '../../channel.ts'
import { createEventStreamDecoder } from '../../event-stream-decoder.ts'
import type { ResponseReader } from '../../response-reader.ts'
import type { StreamingResponse, UpstreamClient } from '../../upstream/client.ts'
import { collect } from '../../upstream/collect.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { RunUpdate } from './run-update.ts'

interface SendOptions {
  /** The run's own URL at the container. */
  readonly url: string
  /** JSON text. */
  readonly body: string
  /** Whether to ask for the output as server-sent events. */
  readonly streams: boolean
  /** Whether to ask for an immediate response, so that the end is only posted. */
  readonly isAsync: boolean
  readonly signal: AbortSignal
  readonly maxAnswerBytes: number
  readonly client: UpstreamClient
  readonly responses: ResponseReader
  /** Receives the updates. */
  readonly channel: Channel<RunUpdate>
}

/** The request that a container answers when a run ends. */
export interface Connection {
  /** Whether an answer may still come. */
  open: boolean
  /** How much of the answer has arrived. */
  bytes: number
  /** Whether all of it has arrived and is being parsed. */
  reading: boolean
  /** Whether the end was posted already, so that the answer only repeats it. */
  isPosted: boolean
}

/** How much of an unexpected response goes to the logs. */
const maxQuoted = 2_000

/** Sends a run to its container, and pushes each part of the response into the channel. */
export function connect(options: SendOptions): Connection {
  const connection = { open: true, bytes: 0, reading: false, isPosted: false }
  void send(options, connection)
  return connection
}

/** Never rejects: what goes wrong is an update. */
async function send(options: SendOptions, connection: Connection): Promise<void> {
  const { client, channel, streams, signal } = options
  try {
    let response = await client.send(...requestOf(options, streams))
    // A container that streams may have methods that do not.
    if (streams && response.status === 406) {
      await collect(response.body, maxQuoted)
      response = await client.send(...requestOf(options, false))
    }
    await readResponse(response, options, connection)
  } catch (error) {
    // After an abort no reader is left.
    if (!signal.aborted) channel.push({ type: 'disconnected', error: asRequestError(error) })
  }
}

function requestOf({ url, body, signal, isAsync }: SendOptions, streams: boolean) {
  const headers = {
    Accept: streams ? 'text/event-stream' : 'application/json',
    ...(isAsync ? { Prefer: 'respond-async' } : {}),
  }
  return [url, { method: 'PUT', headers, body, signal }] as const
}

async function readResponse(
  { status, type, body }: StreamingResponse,
  options: SendOptions,
  connection: Connection,
): Promise<void> {
  const counted = countBytes(body, connection)
  if (type === 'text/event-stream') return readEvents(counted, options)
  const bytes = await collect(counted, options.maxAnswerBytes)
  const text = bytes.subarray(0, maxQuoted).toString('utf8')
  connection.reading = true
  const read = await options.responses.read(bytes)
  options.channel.push({ type: 'answered', status, text, ...read })
}

async function* countBytes(body: AsyncIterable<Uint8Array>, connection: Connection) {
  for await (const chunk of body) {
    connection.bytes += chunk.byteLength
    yield chunk
  }
}

async function readEvents(
  body: AsyncIterable<Uint8Array>,
  { maxAnswerBytes, channel }: SendOptions,
): Promise<void> {
  const decode = createEventStreamDecoder()
  let ended = false
  const parser = createParser({
    onEvent(event) {
      const update = updateOf(event)
      if (update) channel.push(update)
      ended ||= update?.type === 'answered'
    },
  })
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxAnswerBytes) throw new RequestError('its response had no end', true)
    parser.feed(decode(chunk))
    if (ended) return
    await channel.drained()
  }
  throw new RequestError('the connection was closed before the end', true)
}

/** Null for events without news: the start of the run, and what a slow reader missed. */
function updateOf({ event, data }: EventSourceMessage): RunUpdate | null {
  const json = parsed(data)
  if (!isObject(json)) return null
  switch (event) {
    case 'output':
      return typeof json.index === 'number'
        ? { type: 'item', index: json.index, value: json.chunk ?? null }
        : null
    case 'log':
      return typeof json.data === 'string' ? { type: 'logged', text: json.data } : null
    case 'metric':
      return typeof json.name === 'string'
        ? { type: 'measured', name: json.name, value: json.value ?? null }
        : null
    case 'completed':
      return { type: 'answered', status: 200, json, text: beginning(data, maxQuoted), large: null }
    default:
      return null
  }
}

function parsed(text: string): Json | undefined {
  try {
    return parsePythonJson(text)
  } catch {
    return undefined
  }
}

function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  return new RequestError('the connection was cut', true, { cause: error })
}
