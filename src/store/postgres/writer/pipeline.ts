import { type Dialect, DummyDriver, type Kysely, Transaction } from 'kysely'
import { StoreBusy } from '../../../domain/unavailable.ts'
import { causeOf, knownError } from '../../../postgres/errors.ts'
import type { Tables } from '../../kysely/tables.ts'
import { CommitUnknown, type Transact } from '../../kysely/writer.ts'
import { createConnection } from '../connection.ts'
import { runByKeys } from './run-by-keys.ts'
import type { Session } from './session.ts'

export interface PipelineOptions {
  /** Whose statements the session takes. */
  readonly db: Kysely<Tables>
  readonly dialect: Dialect
  /** Rejects with `StoreBusy` while the server cannot be reached. */
  readonly session: () => Promise<Session>
}

/**
 * Runs operations at once in one transaction over one session: a statement is sent without waiting for the
 * answers to those of other operations.
 */
export function createPipeline({ db, dialect, session }: PipelineOptions): Transact {
  const connections = new WeakMap<Session, ReturnType<typeof createConnection>>()

  function transactionOn(client: Session): Transaction<Tables> {
    const connection = connections.get(client) ?? createConnection(client)
    connections.set(client, connection)
    const executor = db
      .getExecutor()
      .withConnectionProvider({ provideConnection: (consumer) => consumer(connection) })
    return new Transaction({ config: { dialect }, dialect, driver: new DummyDriver(), executor })
  }

  return async (operations) => {
    const client = await session()
    const begun = client.query('begin').catch((error: unknown) => {
      throw knownError(error)
    })
    const running = runByKeys(transactionOn(client), operations)
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

async function commit(client: Session): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    const known = knownError(error)
    throw known instanceof StoreBusy ? new CommitUnknown(known.message, { cause: error }) : known
  })
  // An operation has taken an error for an answer.
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back')
}
