import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { collectBytes } from '../domain/collect.ts'
import { isObject, type Json } from '../domain/json/json.ts'
import { once } from '../domain/once.ts'
import type { EngineAddress } from './address.ts'
import { EngineError } from './engine-error.ts'

/** Reads a JSON document, off the event loop when it is large; undefined for what is no JSON. */
export type ReadJson = (bytes: Uint8Array<ArrayBuffer>) => Promise<Json | undefined>

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Below `/v1.41`, with its query. */
  readonly path: string
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses that are no failure besides 2xx: 304 of a container that runs already. */
  readonly alsoFine?: readonly number[]
  readonly signal?: AbortSignal
  /** Milliseconds until the answer must be complete; null for as long as it takes. */
  readonly withinMs?: number | null
}

export interface EngineAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: Readable
}

/**
 * The version of the API that is spoken: Podman 4 offers no newer one, and Docker has all of it since
 * 20.10.
 */
const apiVersion = 'v1.41'

/** Most calls are answered in less than a second; a container that is removed may take longer. */
const usualMs = 60_000
/** An image’s labels hold its schema: up to 10 MB in JSON, and as JSON once more. */
const maxAnswerBytes = 32 * 2 ** 20
const maxErrorBytes = 64 * 2 ** 10

export type EngineConnection = ReturnType<typeof createConnection>

/** Sends requests to an engine over its socket or TCP. Every failure is an `EngineError`. */
export function createConnection(address: EngineAddress, readJson: ReadJson) {
  // Loaded with the first request: most servers have no engine.
  let opened: Promise<{ readonly agent: Dispatcher } | null> = Promise.resolve(null)
  const loading = once(() => {
    const loaded = load()
    opened = loaded
    return loaded
  })

  async function load() {
    const { Agent, request } = await import('undici')
    const { socket, certificate } = address
    const connect = { ...(socket === null ? {} : { socketPath: socket }), ...certificate }
    // Streams of events and logs are silent for hours.
    return { request, agent: new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 }) }
  }

  async function open(call: Call): Promise<EngineAnswer> {
    const { method = 'GET', path, body, headers = {}, alsoFine = [] } = call
    const { request, agent } = await loading()
    const signal = signalOf(call)
    try {
      const response = await request(`${address.origin}/${apiVersion}${path}`, {
        method,
        dispatcher: agent,
        headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
        body: body === undefined ? null : JSON.stringify(body),
        ...(signal && { signal }),
      })
      const { statusCode: status } = response
      if (status < 300 || alsoFine.includes(status))
        return { status, headers: response.headers, body: response.body }
      throw new EngineError(await messageIn(response.body, status), status)
    } catch (error) {
      throw asEngineError(error)
    }
  }

  /** What an engine says of a failure: `{"message": …}`, and with Podman a cause besides. */
  async function messageIn(body: Readable, status: number): Promise<string> {
    const bytes = await collect(body, maxErrorBytes).catch(() => Buffer.of())
    const json = await readJson(bytes)
    const message = isObject(json) ? json.message : undefined
    return typeof message === 'string' && message !== '' ? message : `the engine answered ${status}`
  }

  async function bytes(call: Call): Promise<Uint8Array<ArrayBuffer>> {
    const { body } = await open(call)
    try {
      return await collect(body, maxAnswerBytes)
    } catch (error) {
      throw asEngineError(error)
    }
  }

  return {
    address,
    /** Opens an answer that arrives bit by bit. */
    open: (call: Call) => open({ withinMs: null, ...call }),
    /** The answer as JSON; undefined when it has none. */
    async json(call: Call): Promise<Json | undefined> {
      const read = await bytes(call)
      try {
        return await readJson(read)
      } catch (error) {
        throw asEngineError(error)
      }
    },
    /** The whole answer. */
    bytes,
    /** A call of which only its success counts. */
    async done(call: Call): Promise<Omit<EngineAnswer, 'body'>> {
      const { status, headers, body } = await open(call)
      await collect(body, maxErrorBytes).catch(() => {})
      return { status, headers }
    },
    /** Ends all requests under way. */
    async close(): Promise<void> {
      await (await opened)?.agent.destroy()
    },
  }
}

function signalOf({ signal, withinMs = usualMs }: Call): AbortSignal | undefined {
  const late = withinMs === null ? [] : [AbortSignal.timeout(withinMs)]
  const all = signal ? [signal, ...late] : late
  return all.length > 1 ? AbortSignal.any(all) : all[0]
}

function collect(body: AsyncIterable<Uint8Array>, most: number): Promise<Buffer<ArrayBuffer>> {
  const sentence = `the answer of the engine is larger than ${most >> 20} MB`
  return collectBytes(body, most, () => new EngineError(sentence, 200))
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no socket at this path',
  EACCES: 'this server may not open its socket',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host name does not exist',
  EHOSTUNREACH: 'the host is unreachable',
}

export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const { code = '', name = '' } = error as { readonly code?: string; readonly name?: string }
  const isLate = /timeout/i.test(`${code} ${name}`)
  const reason = reasons[code] ?? (isLate ? 'it took too long to answer' : 'the connection was cut')
  return new EngineError(reason, null, { cause: error })
}
