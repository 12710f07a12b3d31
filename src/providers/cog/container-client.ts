import { Buffer } from 'node:buffer'
import type { Dispatcher } from 'undici'
import type { Json } from '../../domain/json/json.ts'
import { once } from '../../domain/once.ts'
import { jsonOf } from '../response-reader.ts'

export type Wire = ReturnType<typeof createWire>

/** A container could not be talked to. The message is half a sentence; the cause is the raw error. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered'
  /** Whether it may have taken what was sent, and work on it. */
  readonly sent: boolean
  /** Whether it took too long. */
  readonly late: boolean
  /** Whether nothing listens there. */
  readonly refused: boolean

  constructor(reason: string, sent: boolean, options: NotAnsweredOptions = {}) {
    super(reason, options)
    this.sent = sent
    this.late = options.late ?? false
    this.refused = options.refused ?? false
  }
}

interface NotAnsweredOptions extends ErrorOptions {
  readonly late?: boolean
  readonly refused?: boolean
}

/** What a small request was answered with. */
export interface Answer {
  readonly status: number
  /** Undefined when the body is not JSON. */
  readonly json: Json | undefined
}

/** An answer that is still arriving. */
export interface Arriving {
  readonly status: number
  /** Media type, without parameters. */
  readonly type: string
  /** Rejects with `NotAnswered`. */
  readonly body: AsyncIterable<Uint8Array>
}

type Method = 'GET' | 'POST' | 'PUT'

const json = { 'Content-Type': 'application/json' } as const

/** HTTP with containers: no redirect is followed, and a run has no time-out but its own. */
export function createWire(lookMs: number, maxDocumentBytes: number) {
  // Loaded with the first request: most servers have no containers.
  const loading = once(async () => {
    const { Agent, request } = await import('undici')
    const connect = { timeout: lookMs }
    return {
      request,
      looks: new Agent({ connect, headersTimeout: lookMs, bodyTimeout: lookMs }),
      // A connection of its own for each run: one that was idle may be closed as the run is sent.
      runs: new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, pipelining: 0 }),
    }
  })

  async function look(method: Method, url: string, body: string | null = null): Promise<Answer> {
    const { request, looks } = await loading()
    const signal = AbortSignal.timeout(lookMs)
    const headers = body === null ? {} : json
    try {
      const response = await request(url, { method, headers, body, dispatcher: looks, signal })
      const bytes = await collect(response.body, maxDocumentBytes)
      return { status: response.statusCode, json: jsonOf(bytes) }
    } catch (error) {
      throw told(error)
    }
  }

  return {
    /** Asks something small. Rejects with `NotAnswered`. */
    get: (url: string) => look('GET', url),
    post: (url: string) => look('POST', url),
    ask: (url: string, body: string) => look('PUT', url, body),
    /** Sends JSON, and answers as soon as the answer begins. Rejects with `NotAnswered`. */
    async put(
      url: string,
      body: string,
      more: Readonly<Record<string, string>>,
      signal: AbortSignal,
    ): Promise<Arriving> {
      const { request, runs } = await loading()
      const headers = { ...json, ...more }
      try {
        const options = { method: 'PUT', headers, body, dispatcher: runs, signal } as const
        const response = await request(url, options)
        return arriving(response)
      } catch (error) {
        throw told(error)
      }
    },
    /** A file of the container's own. Rejects with `NotAnswered`. */
    async file(url: string, signal: AbortSignal): Promise<Arriving> {
      const { request, looks } = await loading()
      try {
        return arriving(await request(url, { dispatcher: looks, signal }))
      } catch (error) {
        throw told(error)
      }
    },
  }
}

/** Everything a body holds. Rejects with `NotAnswered` past `most` bytes. */
export async function collect(
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most)
      throw new NotAnswered(`its response is larger than ${Math.round(most / 2 ** 20)} MB`, true)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function arriving({ statusCode, headers, body }: Dispatcher.ResponseData): Arriving {
  const [type = ''] = String(headers['content-type'] ?? '').split(';')
  return { status: statusCode, type: type.trim().toLowerCase(), body: toldBody(body) }
}

async function* toldBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw told(error)
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

function told(error: unknown): NotAnswered {
  if (error instanceof NotAnswered) return error
  const { code = '', name = '' } = error as { code?: string; name?: string }
  const unsent = reasons[code]
  if (unsent !== undefined)
    return new NotAnswered(unsent, false, { cause: error, refused: code === 'ECONNREFUSED' })
  const late = /TIMEOUT|TimeoutError/i.test(`${code} ${name}`)
  const reason = late ? 'it took too long to respond' : 'the connection was cut'
  return new NotAnswered(reason, true, { cause: error, late })
}
