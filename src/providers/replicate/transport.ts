import type { Agent, FormData } from 'undici'
import { withoutEndSlashes } from '../../domain/address.ts'
import type { ReplicateLimits } from './limits.ts'
import { refusal } from './refusal.ts'
import { connectionError, UpstreamError } from './upstream-error.ts'

export interface TransportOptions {
  /** The URL of the API: `https://api.replicate.com/v1`. */
  readonly url: URL
  readonly token: string
  readonly limits: ReplicateLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** For the whole request, in milliseconds. */
  readonly timeoutMs?: number
}

export interface Request extends RequestOptions {
  readonly method: 'GET' | 'POST'
  readonly body?: string | FormData
}

const connectMs = 10_000

/** The most of an error response that is read, in bytes. */
const mostErrorBytes = 64 * 1024

/** The name of the service at a URL, for people. */
export function serviceName({ hostname, host }: URL): string {
  return /(?:^|\.)replicate\.com$/.test(hostname) ? 'Replicate' : host
}

/**
 * Sends requests to the service, each once, and throws `UpstreamError`. It follows no redirects, so
 * that the token goes only to the configured service.
 */
export function createTransport({ url, token, limits, now }: TransportOptions) {
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
    const raw = await read(response.body, mostErrorBytes).catch(() => '')
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

  /** The body of the response to a request for a path of the API. */
  async function fetchBytes(path: string, request: Request): Promise<Buffer<ArrayBuffer>> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? limits.requestMs)
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
    try {
      const response = await send(`${base}/${path}`, { ...request, signal })
      return await read(response.body, limits.mostAnswer)
    } catch (error) {
      throw connectionError(service, error)
    }
  }

  return {
    service,
    fetchBytes,
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
    async close(): Promise<void> {
      await (await loaded)?.dispatcher.destroy()
    },
  }
}
