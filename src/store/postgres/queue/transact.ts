import type { Transaction } from 'kysely'
import type pg from 'pg'
import { knownError } from '../../../postgres/errors.ts'
import type { Tables } from '../../kysely/tables.ts'
import { commit } from '../writer/pipeline.ts'
import type { Session } from '../writer/session.ts'

/**
 * Runs `work` in a transaction whose statements are sent without waiting for each other. It is rolled back unless
 * `work` has called `commit`, which can be asked for together with the last statement.
 */
export type ClaimTransact = <T>(
  work: (trx: Transaction<Tables>, commit: () => Promise<void>) => Promise<T>,
) => Promise<T>

/**
 * A claim need not outlive a crash of the database: one that is lost waits again, and all that a run saves
 * comes after it in the log, so that its start is never kept without it. Its owner cannot save then.
 */
const begin = 'begin; set local synchronous_commit to off'

export interface ClaimTransactOptions {
  /** Of connections that send statements at once. */
  readonly pool: pg.Pool
  readonly transactionIn: (session: Session) => Transaction<Tables>
}

export function createClaimTransact({ pool, transactionIn }: ClaimTransactOptions): ClaimTransact {
  return async (work) => {
    const client = await pool.connect().catch((error: unknown) => {
      throw knownError(error)
    })
    let isOpen = true
    let isBroken = false
    const begun = client.query(begin)
    // Statements behind one that failed to begin a transaction must not run without it.
    begun.catch(() => {
      isBroken = true
    })
    try {
      return await work(transactionIn(client), async () => {
        isOpen = false
        await commit(client)
      })
    } finally {
      if (isOpen)
        await client.query('rollback').catch(() => {
          isBroken = true
        })
      client.release(isBroken)
    }
  }
}
