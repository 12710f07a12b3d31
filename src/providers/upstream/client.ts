import { Buffer } from 'node:buffer'
import type { Dispatcher, FormData } from 'undici'
import type { Json } from '../../domain/json/json.ts'
import { once } from '../../domain/once.ts'
import { jsonOf } from '../response-reader.ts'
import { openSocket, type SocketListener, type UpstreamSocket } from './socket.ts'

export type UpstreamClient = ReturnType<typeof createUpstreamClient>

/** A request to an upstream failed. The message is part of a sentence; the cause is the raw error. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  /** Whether the upstream may have received the request, and work on it. */
  readonly sent: boolean
  /** Whether it timed out. */
  readonly late: boolean
  /** Whether the connection was refused. */
  readonly refused: boolean

  constructor(reason: string, sent: boolean, options: RequestErrorOptions = {}) {
    super(reason, options)
    this.sent = sent
    this.late = options.late ?? false
    this.refused = options.refused ?? false
  }
}

interface RequestErrorOptions extends ErrorOptions {
  readonly late?: boolean
  readonly refused?: boolean
}

/** The response to a small request. */
export interface UpstreamResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Undefined when the body is not JSON. */
  readonly json: Json | undefined
  /** The beginning of the body, up to 2,000 bytes. */
  readonly text: string
}

/** A response whose body is still arriving. */
export interface StreamingResponse {
  readonly status: number
  readonly headers: UpstreamResponse['headers']
  /** Media type in lower case, without parameters. */
  readonly type: string
  /** Throws `RequestError`. */
  readonly body: AsyncIterable<Uint8Array>
}

export type RequestHeaders = Readonly<Record<string, string>>

/** A request that may take as long as a run. */
export interface RunRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: RequestHeaders
  /** JSON text, or a form with files. */
  readonly body?: string | FormData
  readonly signal: AbortSignal
}

type Method = RunRequest['method']

const ofJson = { 'Content-Type': 'application/json' } as const
const maxQuotedBytes = 2_000

/**
 * An HTTP client for servers that operators named, which may have private addresses. It follows no
 * redirects, so that what it sends reaches that server alone, and a run has no time-out but its own.
 *
 * @param lookMs The time-out of a small request, in milliseconds.
 * @param maxDocumentBytes The largest response to a small request.
 */
export function createUpstreamClient(lookMs: number, maxDocumentBytes: number) {
  // Loaded with the first request: most servers have no upstreams.
  const loading = once(async () => {
    const { Agent, FormData, request, WebSocket } = await import('undici')
    const connect = { timeout: lookMs }
    return {
      request,
      FormData,
      WebSocket,
      sockets: new Agent({ connect, webSocket: { maxPayloadSize: maxDocumentBytes } }),
      looks: new Agent({ connect, headersTimeout: lookMs, bodyTimeout: lookMs }),
      // Each run has a new connection: an idle one may be closed at the moment the run is sent.
      runs: new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, pipelining: 0 }),
    }
  })

  async function look(
    method: Method,
    url: string,
    body: string | null,
    more: RequestHeaders = {},
  ): Promise<UpstreamResponse> {
    const { request, looks } = await loading()
    const signal = AbortSignal.timeout(lookMs)
    const headers = body === null ? more : { ...ofJson, ...more }
    try {
      const response = await request(url, { method, headers, body, dispatcher: looks, signal })
      const bytes = await collect(response.body, maxDocumentBytes)
      return {
        status: response.statusCode,
        headers: response.headers,
        json: jsonOf(bytes),
        text: bytes.subarray(0, maxQuotedBytes).toString('utf8'),
      }
    } catch (error) {
      throw asRequestError(error)
    }
  }

  return {
    /** Small requests. They reject with `RequestError`. */
    get: (url: string, headers?: RequestHeaders) => look('GET', url, null, headers),
    post: (url: string, body: string | null = null, headers?: RequestHeaders) =>
      look('POST', url, body, headers),
    put: (url: string, body: string) => look('PUT', url, body),
    delete: (url: string, headers?: RequestHeaders) => look('DELETE', url, null, headers),
    /** Sends a run; resolves when the response begins. Rejects with `RequestError`. */
    async send(
      url: string,
      { method, headers = {}, body, signal }: RunRequest,
    ): Promise<StreamingResponse> {
      const { request, runs } = await loading()
      const all = typeof body === 'string' ? { ...ofJson, ...headers } : headers
      try {
        return streamingResponse(
          await request(url, {
            method,
            headers: all,
            body: body ?? null,
            dispatcher: runs,
            signal,
          }),
        )
      } catch (error) {
        throw asRequestError(error)
      }
    },
    /** An empty form, for `send`. */
    form: async () => new (await loading()).FormData(),
    /** Opens a WebSocket, without a header `Origin`. Never rejects: one that cannot be opened is closed. */
    async socket(url: string, listener: SocketListener): Promise<UpstreamSocket> {
      const { WebSocket, sockets } = await loading()
      return openSocket(new WebSocket(url, { dispatcher: sockets }), listener)
    },
    /** Fetches a file of the upstream. Rejects with `RequestError`. */
    async file(
      url: string,
      signal: AbortSignal,
      headers: RequestHeaders = {},
    ): Promise<StreamingResponse> {
      const { request, looks } = await loading()
      try {
        return streamingResponse(await request(url, { headers, dispatcher: looks, signal }))
      } catch (error) {
        throw asRequestError(error)
      }
    },
  }
}

/** All bytes of a body. Rejects with `RequestError` past `most` bytes. */
export async function collect(
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most)
      throw new RequestError(`its response is larger than ${Math.round(most / 2 ** 20)} MB`, true)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function streamingResponse({
  statusCode,
  headers,
  body,
}: Dispatcher.ResponseData): StreamingResponse {
  const [type = ''] = String(headers['content-type'] ?? '').split(';')
  return { status: statusCode, headers, type: type.trim().toLowerCase(), body: bodyOf(body) }
}

async function* bodyOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw asRequestError(error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its host name does not exist',
  EAI_AGAIN: 'its host name could not be resolved',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the host is unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'the connection took too long',
}

function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  const { code = '', name = '' } = error as { code?: string; name?: string }
  const unsent = reasons[code]
  if (unsent !== undefined)
    return new RequestError(unsent, false, { cause: error, refused: code === 'ECONNREFUSED' })
  const late = /TIMEOUT|TimeoutError/i.test(`${code} ${name}`)
  const reason = late ? 'it took too long to respond' : 'the connection was cut'
  return new RequestError(reason, true, { cause: error, late })
}
