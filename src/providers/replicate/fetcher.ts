import type { Guard } from '../../outbound/guard.ts'
import type { Download } from '../downloads.ts'
import type { ReplicateClient } from './client.ts'

/** A large file of the service itself may take this long, in milliseconds. */
const wholeMs = 10 * 60_000

export type Fetcher = ReturnType<typeof createFetcher>

/** No stream of text is longer, in bytes. */
const mostStream = 64 * 2 ** 20

type Headers = Readonly<Record<string, string>>

/**
 * Fetches what the service names by an address: its own are asked with the token, as its operator
 * chose to trust it; all others are somebody's, and go through the guard.
 */
export function createFetcher(client: ReplicateClient, guard: Guard) {
  return {
    isOwn: client.isOwn,
    async fetch(address: string, most: number, signal: AbortSignal): Promise<Download> {
      if (!client.isOwn(address)) return guard.fetch(address, most, signal)
      const timed = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)])
      return { name: nameOf(address), content: await client.open(address, { signal: timed }) }
    },
    /** Opens a stream of events; the address is secret enough to need no token. */
    async openStream(address: string, headers: Headers, signal: AbortSignal) {
      if (client.isOwn(address)) return client.open(address, { headers, signal })
      return (await guard.fetch(address, mostStream, signal, headers)).content
    },
  }
}

function nameOf(address: string): string {
  const last = new URL(address).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last) || 'file'
  } catch {
    return last
  }
}
