import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { Agent, RequestInit } from 'undici'
import { once } from '../domain/once.ts'
import { mayReach } from './addresses.ts'
import { letGo, limited } from './bodies.ts'
import { NotFetched, type Refused, told } from './not-fetched.ts'

/** What was fetched, as it arrives. */
export interface Fetched {
  /** The last part of the path, or of what the server calls it. */
  readonly name: string
  /** Rejects with `NotFetched` past the limit of bytes or of time. */
  readonly content: AsyncIterable<Uint8Array>
}

/** What is posted somewhere. */
export interface Post {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How long the server may take until it answers, in milliseconds. */
  readonly answerMs: number
}

/** What a server said to a post, whatever it was; or why it said nothing. */
export type Posted =
  | {
      readonly answered: true
      readonly status: number
      /** The header `Retry-After` as it was sent; null when there was none. */
      readonly retryAfter: string | null
    }
  | { readonly answered: false; readonly reason: Refused }

export interface GuardOptions {
  /** Origins (`http://gpu-2:5000`) and address ranges (`10.0.0.0/8`) that are let through all the same. */
  readonly allow: readonly string[]
}

export interface Guard {
  /**
   * Fetches an address that somebody gave us: http or https, no private or special address behind
   * its name, checked again for each redirect. Headers go to its own origin and to no other. Throws
   * `NotFetched`.
   */
  fetch(
    url: string,
    maxBytes: number,
    signal?: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Fetched>
  /**
   * Posts to an address that somebody gave us, under the same rules. Redirects are answers like
   * others: none is followed. What stands in the answer is left aside.
   */
  post(url: string, post: Post, signal?: AbortSignal): Promise<Posted>
}

const mostRedirects = 4
const headersMs = 15_000
const wholeMs = 120_000

/** The one way to fetch an address that we did not configure ourselves. */
export function createGuard({ allow }: GuardOptions): Guard {
  const allowed = readAllowed(allow)
  // Loaded with the first address: most servers fetch none.
  const loading = once(async () => {
    const { Agent, fetch } = await import('undici')
    const times = { headersTimeout: headersMs, bodyTimeout: headersMs }
    const lookup = checkedLookup(allowed.addresses)
    return {
      fetch,
      open: new Agent(times),
      guarded: new Agent({ ...times, connect: { lookup, timeout: headersMs } }),
    }
  })

  /** Addresses written as such are not looked up, so they are checked here. */
  function check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new NotFetched('not allowed')
    if (url.username !== '' || url.password !== '') throw new NotFetched('not allowed')
    if (allowed.origins.has(url.origin)) return
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !mayReach(host, allowed.addresses)) throw new NotFetched('not allowed')
  }

  async function send(url: URL, init: RequestInit) {
    const { fetch, open, guarded } = await loading()
    check(url)
    const dispatcher: Agent = allowed.origins.has(url.origin) ? open : guarded
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
      if (!next) throw new NotFetched('failed', { passing: false })
      url = next
    }
    throw new NotFetched('failed', { passing: false })
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
          throw new NotFetched('refused', { passing: isPassing(response.status) })
        if (Number(response.headers.get('content-length')) > maxBytes) {
          await response.body.cancel()
          throw new NotFetched('too large')
        }
        return { name: nameOf(url), content: limited(response.body, maxBytes) }
      } catch (error) {
        throw told(error)
      }
    },

    async post(text, { headers, body, answerMs }, signal) {
      const url = URL.parse(text)
      if (!url) return { answered: false, reason: 'not allowed' }
      const timeout = AbortSignal.timeout(answerMs)
      const either = signal ? AbortSignal.any([signal, timeout]) : timeout
      try {
        const response = await send(url, { method: 'POST', headers, body, signal: either })
        if (response.body) void letGo(response.body)
        const retryAfter = response.headers.get('retry-after')
        return { answered: true, status: response.status, retryAfter }
      } catch (error) {
        return { answered: false, reason: told(error).reason }
      }
    },
  }
}

function isPassing(status: number): boolean {
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

function checkedLookup(allowed: BlockList): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      // One private address among public ones is enough: the connection might pick it.
      const bad = found.some(({ address }) => !mayReach(address, allowed))
      const [first] = found
      if (bad || !first) return callback(new NotFetched('not allowed'), '', 0)
      if (options.all) return callback(null, found)
      callback(null, first.address, first.family)
    })
  }
}

function readAllowed(allow: readonly string[]) {
  const addresses = new BlockList()
  const origins = new Set<string>()
  for (const entry of allow) {
    const [network = '', prefix] = entry.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(network))
      addresses.addSubnet(network, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
    else origins.add(URL.parse(entry)?.origin ?? entry)
  }
  return { addresses, origins }
}
