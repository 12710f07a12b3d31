import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { StoreBusy } from '../../domain/unavailable.ts'
import { backOff, longestBusyMs } from '../sqlite-dialect.ts'
import type { Tables } from './tables.ts'

/** What a write does in its transaction. */
export interface Operation<T> {
  readonly run: (trx: Transaction<Tables>) => Promise<T>
  /**
   * The names of everything that it reads and writes: operations that have none in common can run at once.
   * Null when it must not run beside another.
   */
  readonly keys: readonly string[] | null
}

export interface WriteOptions<T> {
  /**
   * Called before the write resolves, when others can read what was written, but a power failure could still
   * undo it.
   */
  readonly committed?: (value: T) => void
  readonly keys?: readonly string[]
}

/** Runs an operation in a transaction that it may share; resolves when that is on disk. */
export type Write = <T>(run: Operation<T>['run'], options?: WriteOptions<T>) => Promise<T>

export interface Writer {
  readonly write: Write
  /** Resolves when every write requested so far is done. */
  idle(): Promise<void>
}

/** Runs operations in one transaction. When one fails, it rejects, and nothing is written. */
export type Transact = <T>(operations: readonly Operation<T>[]) => Promise<readonly T[]>

/** The connection was lost during a commit: nobody knows whether it was made, so it is not tried again. */
export class CommitUnknown extends StoreBusy {}

interface Waiting extends Operation<Written> {
  /** When it was requested, by the monotonic clock. */
  readonly since: number
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

/** Runs operations one after the other. */
export function inTurn(db: Kysely<Tables>): Transact {
  return (operations) => db.transaction().execute((trx) => runInTurn(trx, operations))
}

export async function runInTurn<T>(
  trx: Transaction<Tables>,
  operations: readonly Operation<T>[],
): Promise<readonly T[]> {
  const values: T[] = []
  for (const { run } of operations) values.push(await run(trx))
  return values
}

/**
 * Group commit: the writes of one turn of the event loop share a transaction and resolve together,
 * and so do those that are requested until that is on disk. A single write waits for no others.
 * `sync` resolves when everything that was committed before is on disk.
 */
export function createWriter(transact: Transact, sync: () => Promise<void>): Writer {
  let waiting: Waiting[] = []
  let unsynced: Written[] = []
  let flushing: Promise<void> | null = null

  function write<T>(
    run: Operation<T>['run'],
    { committed, keys }: WriteOptions<T> = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push({
        since: performance.now(),
        async run(transaction) {
          const value = await run(transaction)
          return { committed: () => committed?.(value), resolve: () => resolve(value), reject }
        },
        keys: keys ?? null,
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

  /** Retries while the database cannot be written to. Writes that have waited too long are rejected. */
  async function commit(group: readonly Waiting[]): Promise<void> {
    let left = group
    for (let tries = 0; left.length > 0; tries++)
      try {
        return await commitNow(left)
      } catch (error) {
        if (!(error instanceof StoreBusy)) throw error
        const late = error instanceof CommitUnknown ? Infinity : performance.now() - longestBusyMs
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
    const written = await transact(group).catch(async (error: unknown) => {
      if (error instanceof StoreBusy) throw error
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await commit([one])
      return []
    })
    unsynced.push(...written)
    for (const { committed } of written) committed()
  }

  return {
    write,
    async idle() {
      await flushing
    },
  }
}
