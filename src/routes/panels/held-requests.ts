import { createConnectionLimit } from './connection-limit.ts'
import type { OnDisconnect } from './deferred-response.ts'

/** A held request is answered after this long even when nothing changed. */
const holdMs = 25_000

/** Most requests held at once: in all, and from one address. */
const mostHeld = { inAll: 20_000, perAddress: 1_000 }

/** Whose answer waits, and for what. */
export interface Watcher {
  readonly address: string
  /** The prediction that is watched. */
  readonly id: string
  /** The state of it that the asker has. */
  readonly seen: string
}

interface Held {
  readonly seen: string
  readonly end: (news: boolean) => void
}

/** The requests whose answers wait. None is ever turned out: a new one finds no room. */
export function createHeldRequests(most = mostHeld) {
  const connections = createConnectionLimit(most)
  const waiting = new Map<string, Set<Held>>()

  function join(id: string, held: Held): void {
    const all = waiting.get(id) ?? new Set()
    waiting.set(id, all.add(held))
  }

  /** Whether it was still there. */
  function leave(id: string, held: Held): boolean {
    const all = waiting.get(id)
    if (!all?.delete(held)) return false
    if (all.size === 0) waiting.delete(id)
    return true
  }

  return {
    /**
     * Resolves with true when the asker is woken or has waited for long enough, with false when
     * `onGone` says that nobody waits any more. Null when there is no room.
     */
    wait({ address, id, seen }: Watcher, onGone: OnDisconnect): Promise<boolean> | null {
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
      onGone(() => held.end(false))
      return promise
    },
    isWatched: (id: string): boolean => waiting.has(id),
    /** Wakes all who have not seen this state of a prediction; with null, all. */
    wake(id: string, state: string | null): void {
      for (const held of waiting.get(id) ?? []) if (held.seen !== state) held.end(true)
    },
  }
}
