import { type Dialect, DummyDriver, type Kysely, Transaction } from 'kysely'
import type { Tables } from '../kysely/tables.ts'
import { createConnection } from './connection.ts'
import type { Session } from './writer/session.ts'

export interface TransactionsOptions {
  /** Whose statements the transactions take. */
  readonly db: Kysely<Tables>
  readonly dialect: Dialect
}

/**
 * The transaction that is open in a session, whose statements are sent at once, in the order in which they are
 * executed here: without waiting for the answers to those before.
 */
export function createTransactions({ db, dialect }: TransactionsOptions) {
  const connections = new WeakMap<Session, ReturnType<typeof createConnection>>()

  return (session: Session): Transaction<Tables> => {
    const connection = connections.get(session) ?? createConnection(session)
    connections.set(session, connection)
    const executor = db
      .getExecutor()
      .withConnectionProvider({ provideConnection: (consumer) => consumer(connection) })
    return new Transaction({ config: { dialect }, dialect, driver: new DummyDriver(), executor })
  }
}
