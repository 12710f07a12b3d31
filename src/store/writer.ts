import type { Kysely, Transaction } from 'kysely'
import { StoreBusy } from '../domain/unavailable.ts'
import { backOff, patienceMs } from './patience.ts'
import type { Tables } from './tables.ts'

type Operation<T> = (db: Transaction<Tables>) => Promise<T>

/** Runs an operation in a transaction that it may share; resolves when that is on disk. */
export type Write = <T>(run: Operation<T>) => Promise<T>

interface Waiting {
  /** When it was asked for, by the clock of the process. */
  readonly since: number
  readonly run: Operation<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** Writes are gathered for no longer than this. */
const longestGatherMs = 2

/**
 * Group commit: the writes of one turn of the event loop go in one transaction and resolve
 * together, so that a hundred of them wait for the disk once. Where the disk is slow, those of a
 * few turns do: what comes a moment later need not wait for a second trip.
 */
export function createWriter(db: Kysely<Tables>) {
  let waiting: Waiting[] = []
  let flushing: Promise<void> = Promise.resolve()
  let lastTripMs = 0

  function write<T>(run: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push({
        since: performance.now(),
        run,
        resolve: resolve as Waiting['resolve'],
        reject,
      })
      if (waiting.length === 1) schedule()
    })
  }

  function schedule(): void {
    const gatherMs = Math.min(longestGatherMs, Math.floor(lastTripMs))
    if (gatherMs === 0) setImmediate(flush)
    else setTimeout(flush, gatherMs)
  }

  function flush(): void {
    flushing = flushing.then(async () => {
      const group = waiting
      waiting = []
      const started = performance.now()
      await commit(group)
      lastTripMs = performance.now() - started
    })
  }

  /** Tries until no other process holds the database; what has waited too long is refused. */
  async function commit(group: readonly Waiting[]): Promise<void> {
    let left = group
    for (let tries = 0; left.length > 0; tries++)
      try {
        return await commitNow(left)
      } catch (error) {
        if (!(error instanceof StoreBusy)) throw error
        const late = performance.now() - patienceMs
        for (const { since, reject } of left) if (since <= late) reject(error)
        left = left.filter(({ since }) => since > late)
        if (left.length > 0) await backOff(tries)
      }
  }

  /**
   * One that fails must not take the others with it: then each has a transaction of its own.
   * Rejects only with `StoreBusy`, before anything has begun.
   */
  async function commitNow(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await inOneTransaction(group)
      group.forEach(({ resolve }, index) => {
        resolve(results[index])
      })
    } catch (error) {
      if (error instanceof StoreBusy) throw error
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await commit([one])
    }
  }

  function inOneTransaction(group: readonly Waiting[]): Promise<unknown[]> {
    return db.transaction().execute(async (transaction) => {
      const results: unknown[] = []
      for (const { run } of group) results.push(await run(transaction))
      return results
    })
  }

  /** Resolves when every write asked for so far is done. */
  async function idle(): Promise<void> {
    while (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
    await flushing
  }

  return { write, idle }
}
