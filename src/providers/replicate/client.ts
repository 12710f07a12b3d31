import type { Agent, FormData } from 'undici'
import { withoutEndSlashes } from '../../domain/address.ts'
import { formatJson, type Json } from '../../domain/json/json.ts'
import { jsonOf, type LargeOutputFile, type ResponseReader } from '../response-reader.ts'
import type { ReplicateLimits } from './limits.ts'
import { refusal } from './refusal.ts'
import { readUpstreamPrediction, type UpstreamPrediction } from './responses.ts'
import { connectionError, UpstreamError } from './upstream-error.ts'

export type ReplicateClient = ReturnType<typeof createReplicateClient>

export interface ReplicateClientOptions {
  /** The URL of the API: `https://api.replicate.com/v1`. */
  readonly url: URL
  readonly token: string
  readonly limits: ReplicateLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** For the whole request, in milliseconds. */
  readonly timeoutMs?: number
}

/** A prediction of the service. `large` is its output when that is too large to be in `output`. */
export interface PolledPrediction extends UpstreamPrediction {
  readonly large: LargeOutputFile | null
}

interface Request extends RequestOptions {
  readonly method: 'GET' | 'POST'
  readonly body?: string | FormData
}

const connectMs = 10_000

/** The name of the service at a URL, for people. */
export function serviceName({ hostname, host }: URL): string {
  return /(?:^|\.)replicate\.com$/.test(hostname) ? 'Replicate' : host
}

/**
 * An HTTP client for the API. It sends each request once, and throws `UpstreamError`. It follows no
 * redirects, so that the token goes only to the configured service.
 */
export function createReplicateClient({ url, token, limits, now }: ReplicateClientOptions) {
  const base = withoutEndSlashes(url.href)
  const service = serviceName(url)
  // Loaded with the first request, as many servers have no token.
  let loaded: Promise<{ fetch: typeof import('undici').fetch; dispatcher: Agent }> | null = null

  function loading() {
    loaded ??= import('undici').then(({ Agent, fetch }) => ({
      fetch,
      // A stream is silent while the model works; requests have time-outs of their own.
      dispatcher: new Agent({ connect: { timeout: connectMs }, headersTimeout: 0, bodyTimeout: 0 }),
    }))
    return loaded
  }

  async function send(address: string, { method, headers, body, signal }: Request) {
    const { fetch, dispatcher } = await loading()
    const response = await fetch(address, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'User-Agent': 'sandpit', ...headers },
      body: body ?? null,
      dispatcher,
      redirect: 'manual',
      ...(signal ? { signal } : {}),
    })
    if (response.ok) return response
    const raw = await read(response.body, 64 * 1024).catch(() => '')
    throw refusal(
      service,
      response.status,
      response.headers as unknown as Headers,
      raw.toString(),
      now(),
    )
  }

  async function read(body: AsyncIterable<Uint8Array> | null, most: number) {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of body ?? []) {
      size += chunk.byteLength
      if (size > most)
        throw new UpstreamError(`The response of ${service} is too large.`, { kind: 'too large' })
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  async function* bytesOf(body: AsyncIterable<Uint8Array> | null) {
    try {
      yield* body ?? []
    } catch (error) {
      throw connectionError(service, error)
    }
  }

  async function ask(path: string, request: Request): Promise<Buffer<ArrayBuffer>> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? limits.requestMs)
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
    try {
      const response = await send(`${base}/${path}`, { ...request, signal })
      return await read(response.body, limits.mostAnswer)
    } catch (error) {
      throw connectionError(service, error)
    }
  }

  function garbled(head: string): UpstreamError {
    return new UpstreamError(`The response of ${service} cannot be read.`, {
      kind: 'garbled',
      raw: head,
    })
  }

  function parsed(bytes: Buffer<ArrayBuffer>): Json {
    const json = jsonOf(bytes)
    if (json === undefined) throw garbled(bytes.toString('utf8', 0, 1_000))
    return json
  }

  return {
    service,
    origin: url.origin,
    get: async (path: string, sent: RequestOptions = {}): Promise<Json> =>
      parsed(await ask(path, { ...sent, method: 'GET' })),
    getText: async (path: string, sent: RequestOptions = {}): Promise<string> =>
      (await ask(path, { ...sent, method: 'GET' })).toString(),
    /** Fetches a prediction, with an output of any size. */
    async getPrediction(
      id: string,
      responses: ResponseReader,
      sent: RequestOptions = {},
    ): Promise<PolledPrediction> {
      const bytes = await ask(`predictions/${id}`, { ...sent, method: 'GET' })
      const head = bytes.toString('utf8', 0, 1_000)
      const { json, large } = await responses.read(bytes)
      if (json === undefined) throw garbled(head)
      return { ...readUpstreamPrediction(json), large }
    },
    async post(path: string, body: Json, { headers, ...sent }: RequestOptions = {}): Promise<Json> {
      const typed = { 'Content-Type': 'application/json', ...headers }
      const request = { ...sent, method: 'POST', headers: typed, body: formatJson(body) } as const
      return parsed(await ask(path, request))
    },
    /** Uploads a file. */
    async upload(
      path: string,
      content: Blob,
      name: string,
      sent: RequestOptions = {},
    ): Promise<Json> {
      const { FormData } = await import('undici')
      const body = new FormData()
      body.append('content', content, name)
      body.append('filename', name)
      body.append('type', content.type || 'application/octet-stream')
      return parsed(await ask(path, { ...sent, method: 'POST', body }))
    },
    /** Opens an address of the service itself; resolves when the response begins. */
    async open(
      address: string,
      { signal, headers }: RequestOptions,
    ): Promise<AsyncIterable<Uint8Array>> {
      try {
        const sent = { method: 'GET', ...(headers ? { headers } : {}) } as const
        const response = await send(address, signal ? { ...sent, signal } : sent)
        return bytesOf(response.body)
      } catch (error) {
        throw connectionError(service, error)
      }
    },
    /** Whether an address is one of the service itself. */
    isOwn: (address: string) => URL.parse(address)?.origin === url.origin,
    async close(): Promise<void> {
      await (await loaded)?.dispatcher.destroy()
    },
  }
}
