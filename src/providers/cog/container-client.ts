import { Buffer } from 'node:buffer'
import type { Dispatcher } from 'undici'
import type { Json } from '../../domain/json/json.ts'
import { once } from '../../domain/once.ts'
import { jsonOf } from '../response-reader.ts'

export type ContainerClient = ReturnType<typeof createContainerClient>

/** A request to a container failed. The message is part of a sentence; the cause is the raw error. */
export class ContainerError extends Error {
  override readonly name = 'ContainerError'
  /** Whether the container may have received the request, and work on it. */
  readonly sent: boolean
  /** Whether it timed out. */
  readonly late: boolean
  /** Whether the connection was refused. */
  readonly refused: boolean

  constructor(reason: string, sent: boolean, options: ContainerErrorOptions = {}) {
    super(reason, options)
    this.sent = sent
    this.late = options.late ?? false
    this.refused = options.refused ?? false
  }
}

interface ContainerErrorOptions extends ErrorOptions {
  readonly late?: boolean
  readonly refused?: boolean
}

/** The response to a small request. */
export interface ContainerResponse {
  readonly status: number
  /** Undefined when the body is not JSON. */
  readonly json: Json | undefined
}

/** A response whose body is still arriving. */
export interface StreamingResponse {
  readonly status: number
  /** Media type, without parameters. */
  readonly type: string
  /** Throws `ContainerError`. */
  readonly body: AsyncIterable<Uint8Array>
}

type Method = 'GET' | 'POST' | 'PUT'

const json = { 'Content-Type': 'application/json' } as const

/** An HTTP client for containers. It follows no redirects, and a run has no time-out but its own. */
export function createContainerClient(lookMs: number, maxDocumentBytes: number) {
  // Loaded with the first request: most servers have no containers.
  const loading = once(async () => {
    const { Agent, request } = await import('undici')
    const connect = { timeout: lookMs }
    return {
      request,
      looks: new Agent({ connect, headersTimeout: lookMs, bodyTimeout: lookMs }),
      // Each run has a new connection: an idle one may be closed at the moment the run is sent.
      runs: new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, pipelining: 0 }),
    }
  })

  async function look(
    method: Method,
    url: string,
    body: string | null = null,
  ): Promise<ContainerResponse> {
    const { request, looks } = await loading()
    const signal = AbortSignal.timeout(lookMs)
    const headers = body === null ? {} : json
    try {
      const response = await request(url, { method, headers, body, dispatcher: looks, signal })
      const bytes = await collect(response.body, maxDocumentBytes)
      return { status: response.statusCode, json: jsonOf(bytes) }
    } catch (error) {
      throw asContainerError(error)
    }
  }

  return {
    /** Small requests. They reject with `ContainerError`. */
    get: (url: string) => look('GET', url),
    post: (url: string) => look('POST', url),
    put: (url: string, body: string) => look('PUT', url, body),
    /** Sends a run; resolves when the response begins. Rejects with `ContainerError`. */
    async send(
      url: string,
      body: string,
      more: Readonly<Record<string, string>>,
      signal: AbortSignal,
    ): Promise<StreamingResponse> {
      const { request, runs } = await loading()
      const headers = { ...json, ...more }
      try {
        const options = { method: 'PUT', headers, body, dispatcher: runs, signal } as const
        const response = await request(url, options)
        return streamingResponse(response)
      } catch (error) {
        throw asContainerError(error)
      }
    },
    /** Fetches a file of the container. Rejects with `ContainerError`. */
    async file(url: string, signal: AbortSignal): Promise<StreamingResponse> {
      const { request, looks } = await loading()
      try {
        return streamingResponse(await request(url, { dispatcher: looks, signal }))
      } catch (error) {
        throw asContainerError(error)
      }
    },
  }
}

/** All bytes of a body. Rejects with `ContainerError` past `most` bytes. */
export async function collect(
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most)
      throw new ContainerError(`its response is larger than ${Math.round(most / 2 ** 20)} MB`, true)
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
  return { status: statusCode, type: type.trim().toLowerCase(), body: bodyOf(body) }
}

async function* bodyOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw asContainerError(error)
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

function asContainerError(error: unknown): ContainerError {
  if (error instanceof ContainerError) return error
  const { code = '', name = '' } = error as { code?: string; name?: string }
  const unsent = reasons[code]
  if (unsent !== undefined)
    return new ContainerError(unsent, false, { cause: error, refused: code === 'ECONNREFUSED' })
  const late = /TIMEOUT|TimeoutError/i.test(`${code} ${name}`)
  const reason = late ? 'it took too long to respond' : 'the connection was cut'
  return new ContainerError(reason, true, { cause: error, late })
}
