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

interface Waiting {
  readonly all: Set<Held>
  readonly unwatch: () => void
}

/**
 * The requests that wait for a change. Past the limit new ones are refused; none is dropped for another. A
 * prediction is watched, by `watch`, while a request waits for it.
 */
export function createHeldRequests(watch: (id: string) => () => void, most = mostHeld) {
  const connections = createConnectionLimit(most)
  const waiting = new Map<string, Waiting>()

  function join(id: string, held: Held): void {
    const known = waiting.get(id) ?? { all: new Set(), unwatch: watch(id) }
    known.all.add(held)
    waiting.set(id, known)
  }

  /** False when the request had left before. */
  function leave(id: string, held: Held): boolean {
    const known = waiting.get(id)
    if (!known?.all.delete(held)) return false
    if (known.all.size > 0) return true
    waiting.delete(id)
    known.unwatch()
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
      for (const { all } of [...waiting.values()]) for (const held of [...all]) held.end(true)
    },
    /** Answers the requests that have not seen this state of a prediction; for null, all of them. */
    wake(id: string, state: string | null): void {
      for (const held of waiting.get(id)?.all ?? []) if (held.seen !== state) held.end(true)
    },
  }
}
