import type { Kysely, Transaction } from 'kysely'
import { StoreBusy } from '../../domain/unavailable.ts'
import { backOff, longestBusyMs } from '../sqlite-dialect.ts'
import type { Tables } from './tables.ts'

type Operation<T> = (db: Transaction<Tables>) => Promise<T>

/** Runs an operation in a transaction that it may share; resolves when that is on disk. */
export type Write = <T>(run: Operation<T>) => Promise<T>

interface Waiting {
  /** When it was requested, by the monotonic clock. */
  readonly since: number
  /** Resolves with the function that resolves the write, to be called after the commit. */
  readonly run: Operation<() => void>
  readonly reject: (reason: unknown) => void
}

/** The longest time for which writes are gathered. */
const longestGatherMs = 2

/**
 * Group commit: the writes of one turn of the event loop share a transaction and resolve together,
 * so that a hundred of them wait for the disk once. While commits are slow, the writes of a few turns
 * share one.
 */
export function createWriter(db: Kysely<Tables>) {
  let waiting: Waiting[] = []
  let flushing: Promise<void> = Promise.resolve()
  let lastCommitMs = 0

  function write<T>(run: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push({
        since: performance.now(),
        async run(transaction) {
          const value = await run(transaction)
          return () => resolve(value)
        },
        reject,
      })
      if (waiting.length === 1) schedule()
    })
  }

  function schedule(): void {
    const gatherMs = Math.min(longestGatherMs, Math.floor(lastCommitMs))
    if (gatherMs === 0) setImmediate(flush)
    else setTimeout(flush, gatherMs)
  }

  function flush(): void {
    flushing = flushing.then(async () => {
      const group = waiting
      waiting = []
      const started = performance.now()
      await commit(group)
      lastCommitMs = performance.now() - started
    })
  }

  /** Retries while another process locks the database. Writes that have waited too long are rejected. */
  async function commit(group: readonly Waiting[]): Promise<void> {
    let left = group
    for (let tries = 0; left.length > 0; tries++)
      try {
        return await commitNow(left)
      } catch (error) {
        if (!(error instanceof StoreBusy)) throw error
        const late = performance.now() - longestBusyMs
        for (const { since, reject } of left) if (since <= late) reject(error)
        left = left.filter(({ since }) => since > late)
        if (left.length > 0) await backOff(tries)
      }
  }

  /**
   * If one write fails, each is retried in its own transaction, so that the others succeed. Rejects
   * only with `StoreBusy`, before anything was written.
   */
  async function commitNow(group: readonly Waiting[]): Promise<void> {
    try {
      for (const resolve of await inOneTransaction(group)) resolve()
    } catch (error) {
      if (error instanceof StoreBusy) throw error
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await commit([one])
    }
  }

  function inOneTransaction(group: readonly Waiting[]): Promise<(() => void)[]> {
    return db.transaction().execute(async (transaction) => {
      const resolves: (() => void)[] = []
      for (const { run } of group) resolves.push(await run(transaction))
      return resolves
    })
  }

  /** Resolves when every write requested so far is done. */
  async function idle(): Promise<void> {
    while (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
    await flushing
  }

  return { write, idle }
}
