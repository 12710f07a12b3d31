import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { StoreBusy } from '../../domain/unavailable.ts'
import { backOff, longestBusyMs } from '../sqlite-dialect.ts'
import type { Tables } from './tables.ts'

type Operation<T> = (db: Transaction<Tables>) => Promise<T>

/**
 * Runs an operation in a transaction that it may share; resolves when that is on disk. `committed` is
 * called before, when others can read what was written, but a power failure could still undo it.
 */
export type Write = <T>(run: Operation<T>, committed?: (value: T) => void) => Promise<T>

interface Waiting {
  /** When it was requested, by the monotonic clock. */
  readonly since: number
  readonly run: Operation<Written>
  readonly reject: (reason: unknown) => void
}

/** A write whose operation has run. */
interface Written {
  /** To be called after the commit. */
  readonly committed: () => void
  /** To be called when the commit is on disk. */
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Group commit: the writes of one turn of the event loop share a transaction and resolve together,
 * and so do those that are requested until that is on disk. A single write waits for no others.
 * `sync` resolves when everything that was committed before is on disk.
 */
export function createWriter(db: Kysely<Tables>, sync: () => Promise<void>) {
  let waiting: Waiting[] = []
  let unsynced: Written[] = []
  let flushing: Promise<void> | null = null

  function write<T>(run: Operation<T>, committed?: (value: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push({
        since: performance.now(),
        async run(transaction) {
          const value = await run(transaction)
          return { committed: () => committed?.(value), resolve: () => resolve(value), reject }
        },
        reject,
      })
      flushing ??= flush()
    })
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      await nextTurn()
      const group = waiting
      waiting = []
      await commit(group)
      await syncCommitted()
    }
    flushing = null
  }

  async function syncCommitted(): Promise<void> {
    const written = unsynced
    unsynced = []
    try {
      if (written.length > 0) await sync()
      for (const { resolve } of written) resolve()
    } catch (error) {
      for (const { reject } of written) reject(error)
    }
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
    const written = await inOneTransaction(group).catch(async (error: unknown) => {
      if (error instanceof StoreBusy) throw error
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await commit([one])
      return []
    })
    unsynced.push(...written)
    for (const { committed } of written) committed()
  }

  function inOneTransaction(group: readonly Waiting[]): Promise<Written[]> {
    return db.transaction().execute(async (transaction) => {
      const written: Written[] = []
      for (const { run } of group) written.push(await run(transaction))
      return written
    })
  }

  /** Resolves when every write requested so far is done. */
  async function idle(): Promise<void> {
    await flushing
  }

  return { write, idle }
}
