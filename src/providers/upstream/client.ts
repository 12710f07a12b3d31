import type { Dispatcher, FormData } from 'undici'
import type { Json } from '../../domain/json/json.ts'
import { once } from '../../domain/once.ts'
import { collect } from './collect.ts'
import { readDocument } from './document.ts'
import { asRequestError, RequestError } from './request-error.ts'
import type { Selection } from './selection.ts'
import { openSocket, type SocketListener, type UpstreamSocket } from './socket.ts'

export type UpstreamClient = ReturnType<typeof createUpstreamClient>

/** The response to a small request. */
export interface UpstreamResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The selected parts of the body; undefined when that is not JSON. */
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
    selection: Selection = 'all',
  ): Promise<UpstreamResponse> {
    const { request, looks } = await loading()
    const signal = AbortSignal.timeout(lookMs)
    const headers = body === null ? more : { ...ofJson, ...more }
    try {
      const response = await request(url, { method, headers, body, dispatcher: looks, signal })
      const bytes = await collect(response.body, maxDocumentBytes)
      const text = bytes.subarray(0, maxQuotedBytes).toString('utf8')
      const read = await readDocument({ bytes, selection })
      if (read.kind === 'large')
        throw new RequestError('its response says too much', true, { large: true })
      return { status: response.statusCode, headers: response.headers, json: read.json, text }
    } catch (error) {
      throw asRequestError(error)
    }
  }

  return {
    /** Small requests. They reject with `RequestError`. */
    get: (url: string, headers?: RequestHeaders, selection?: Selection) =>
      look('GET', url, null, headers, selection),
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
    async socket(
      url: string,
      headers: RequestHeaders,
      listener: SocketListener,
    ): Promise<UpstreamSocket> {
      const { WebSocket, sockets } = await loading()
      return openSocket(new WebSocket(url, { headers, dispatcher: sockets }), listener)
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
