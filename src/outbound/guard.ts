import type { Agent, RequestInit, Response } from 'undici'
import { once } from '../domain/once.ts'
import { createAllowList } from './allow-list.ts'
import { drain, limited } from './bodies.ts'
import { NotFetched, type Refused, toNotFetched } from './not-fetched.ts'

/** A response, while it arrives. */
export interface Fetched {
  /** The last segment of the URL's path. */
  readonly name: string
  /** Rejects with `NotFetched` past the limit of bytes or of time. */
  readonly content: AsyncIterable<Uint8Array>
}

export interface Post {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How long the server may take to answer, in milliseconds. */
  readonly answerMs: number
}

/** The answer to a post, with any status; or why there was none. */
export type Posted =
  | {
      readonly answered: true
      readonly status: number
      /** The header `Retry-After`; null when there was none. */
      readonly retryAfter: string | null
    }
  | { readonly answered: false; readonly reason: Refused }

export interface GuardOptions {
  /** Origins (`http://gpu-2:5000`) and address ranges (`10.0.0.0/8`) that may be reached though they are not public. */
  readonly allow: readonly string[]
}

export interface Guard {
  /**
   * Fetches a URL from an untrusted source: http or https, with no private or special address behind
   * its name, checked again for each redirect. Headers are sent to its own origin only. Throws
   * `NotFetched`.
   */
  fetch(
    url: string,
    maxBytes: number,
    signal?: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Fetched>
  /**
   * Gets a URL from an untrusted source, under the same rules. Redirects are not followed, and the
   * answer may have any status. Throws `NotFetched`.
   */
  get(
    url: string,
    signal: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
  /**
   * Posts to a URL from an untrusted source, under the same rules. Redirects are not followed, and the
   * body of the answer is ignored. Never throws.
   */
  post(url: string, post: Post, signal?: AbortSignal): Promise<Posted>
}

const mostRedirects = 4
const headersMs = 15_000
const wholeMs = 120_000

/** The one way to send a request to a URL that is not from the configuration. */
export function createGuard({ allow }: GuardOptions): Guard {
  const allowed = createAllowList(allow)
  // Loaded with the first request: most servers send none.
  const loading = once(async () => {
    const { Agent, fetch } = await import('undici')
    const times = { headersTimeout: headersMs, bodyTimeout: headersMs }
    return {
      fetch,
      open: new Agent(times),
      guarded: new Agent({ ...times, connect: { lookup: allowed.lookup, timeout: headersMs } }),
    }
  })

  async function send(url: URL, init: RequestInit) {
    const { fetch, open, guarded } = await loading()
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new NotFetched('not allowed')
    if (url.username !== '' || url.password !== '') throw new NotFetched('not allowed')
    allowed.check(url)
    const dispatcher: Agent = allowed.hasOrigin(url) ? open : guarded
    return fetch(url, { ...init, dispatcher, redirect: 'manual' })
  }

  async function follow(
    start: URL,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>>,
  ) {
    let url = start
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const own = url.origin === start.origin ? headers : {}
      const response = await send(url, { signal, headers: own })
      const location =
        response.status >= 300 && response.status < 400 && response.headers.get('location')
      if (!location) return { url, response }
      await response.body?.cancel()
      const next = URL.parse(location, url)
      if (!next) throw new NotFetched('failed', { isTransient: false })
      url = next
    }
    throw new NotFetched('failed', { isTransient: false })
  }

  return {
    async fetch(text, maxBytes, signal, headers = {}) {
      const start = URL.parse(text)
      if (!start) throw new NotFetched('not allowed')
      const timeout = AbortSignal.timeout(wholeMs)
      const either = signal ? AbortSignal.any([signal, timeout]) : timeout
      try {
        const { url, response } = await follow(start, either, headers)
        if (response.status === 404 || response.status === 410) throw new NotFetched('not found')
        if (!response.ok || !response.body)
          throw new NotFetched('refused', { isTransient: isTransient(response.status) })
        if (Number(response.headers.get('content-length')) > maxBytes) {
          await response.body.cancel()
          throw new NotFetched('too large')
        }
        return { name: nameOf(url), content: limited(response.body, maxBytes) }
      } catch (error) {
        throw toNotFetched(error)
      }
    },

    async get(text, signal, headers = {}) {
      const url = URL.parse(text)
      if (!url) throw new NotFetched('not allowed')
      try {
        return await send(url, { signal, headers })
      } catch (error) {
        throw toNotFetched(error)
      }
    },

    async post(text, { headers, body, answerMs }, signal) {
      const url = URL.parse(text)
      if (!url) return { answered: false, reason: 'not allowed' }
      const timeout = AbortSignal.timeout(answerMs)
      const either = signal ? AbortSignal.any([signal, timeout]) : timeout
      try {
        const response = await send(url, { method: 'POST', headers, body, signal: either })
        if (response.body) void drain(response.body)
        const retryAfter = response.headers.get('retry-after')
        return { answered: true, status: response.status, retryAfter }
      } catch (error) {
        return { answered: false, reason: toNotFetched(error).reason }
      }
    },
  }
}

function isTransient(status: number): boolean {
  return status >= 500 || status === 429
}

function nameOf({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last) || 'file'
  } catch {
    return last || 'file'
  }
}
