import { createConnectionLimit } from './connection-limit.ts'
import type { OnDisconnect } from './deferred-response.ts'

/** A request is held for this long when nothing changes. */
const holdMs = 25_000

/** The most requests that are held at the same time. */
const mostHeld = { inAll: 20_000, perAddress: 1_000 }

/** A client that waits for a change of a prediction. */
export interface Watcher {
  readonly address: string
  /** The prediction’s. */
  readonly id: string
  /** The state that the client has. */
  readonly seen: string
}

interface Held {
  readonly seen: string
  readonly end: (news: boolean) => void
}

/** The requests that wait for a change. Past the limit new ones are refused; none is dropped for another. */
export function createHeldRequests(most = mostHeld) {
  const connections = createConnectionLimit(most)
  const waiting = new Map<string, Set<Held>>()

  function join(id: string, held: Held): void {
    const all = waiting.get(id) ?? new Set()
    waiting.set(id, all.add(held))
  }

  /** False when the request had left before. */
  function leave(id: string, held: Held): boolean {
    const all = waiting.get(id)
    if (!all?.delete(held)) return false
    if (all.size === 0) waiting.delete(id)
    return true
  }

  return {
    /** Resolves with true on a change or after `holdMs`, with false on disconnect. Null past the limit. */
    wait({ address, id, seen }: Watcher, onDisconnect: OnDisconnect): Promise<boolean> | null {
      const release = connections.take(address)
      if (!release) return null
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const held: Held = {
        seen,
        end(news) {
          if (!leave(id, held)) return
          clearTimeout(timer)
          release()
          resolve(news)
        },
      }
      const timer = setTimeout(held.end, holdMs, true)
      join(id, held)
      onDisconnect(() => held.end(false))
      return promise
    },
    /** Answers all of them. */
    wakeAll(): void {
      for (const all of [...waiting.values()]) for (const held of [...all]) held.end(true)
    },
    isWatched: (id: string): boolean => waiting.has(id),
    /** Answers the requests that have not seen this state of a prediction; for null, all of them. */
    wake(id: string, state: string | null): void {
      for (const held of waiting.get(id) ?? []) if (held.seen !== state) held.end(true)
    },
  }
}
