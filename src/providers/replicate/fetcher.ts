import type { Guard } from '../../outbound/guard.ts'
import type { Download } from '../downloads.ts'
import type { ReplicateClient } from './client.ts'

/** How long a file of the service itself may take, in milliseconds. */
const wholeMs = 10 * 60_000

export type Fetcher = ReturnType<typeof createFetcher>

/** The largest stream of text, in bytes. */
const mostStream = 64 * 2 ** 20

type Headers = Readonly<Record<string, string>>

/**
 * Fetches addresses that the service sends: its own with the token, as the operator trusts the service,
 * and all others through the guard.
 */
export function createFetcher(client: ReplicateClient, guard: Guard) {
  return {
    isOwn: client.isOwn,
    async fetch(address: string, most: number, signal: AbortSignal): Promise<Download> {
      if (!client.isOwn(address)) return guard.fetch(address, most, signal)
      const timed = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)])
      return { name: nameOf(address), content: await client.open(address, { signal: timed }) }
    },
    /** Opens an event stream. At another host it needs no token: its address is secret. */
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
