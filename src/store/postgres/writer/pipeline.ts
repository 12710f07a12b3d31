import type { Transaction } from 'kysely'
import { StoreBusy } from '../../../domain/unavailable.ts'
import { causeOf, knownError } from '../../../postgres/errors.ts'
import type { Tables } from '../../kysely/tables.ts'
import { CommitUnknown, type Transact } from '../../kysely/writer.ts'
import { runByKeys } from './run-by-keys.ts'
import type { Session } from './session.ts'

export interface PipelineOptions {
  readonly transactionIn: (session: Session) => Transaction<Tables>
  /** Rejects with `StoreBusy` while the server cannot be reached. */
  readonly session: () => Promise<Session>
}

/**
 * Runs operations at once in one transaction over one session: a statement is sent without waiting for the
 * answers to those of other operations.
 */
export function createPipeline({ transactionIn, session }: PipelineOptions): Transact {
  return async (operations) => {
    const client = await session()
    const begun = client.query('begin').catch((error: unknown) => {
      throw knownError(error)
    })
    const running = runByKeys(transactionIn(client), operations)
    const [beginning, outcomes] = await Promise.all([
      Promise.allSettled([begun]),
      Promise.allSettled(running),
    ])
    const failures = [...beginning, ...outcomes].filter((one) => one.status === 'rejected')
    if (failures.length > 0) {
      await client.query('rollback').catch(() => {})
      throw causeOf(failures.map(({ reason }) => reason))
    }
    await commit(client)
    return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }
}

/** Rejects with `CommitUnknown` when the connection is lost. */
export async function commit(session: Session): Promise<void> {
  const { command } = await session.query('commit').catch((error: unknown) => {
    const known = knownError(error)
    throw known instanceof StoreBusy ? new CommitUnknown(known.message, { cause: error }) : known
  })
  // A statement has failed, and its error was taken for an answer or is still to be seen.
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back')
}
