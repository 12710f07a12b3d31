import {
  type Dialect,
  HandleEmptyInListsPlugin,
  Kysely,
  replaceWithNoncontingentExpression,
} from 'kysely'
import type pg from 'pg'
import { once } from '../../domain/once.ts'
import type { InstanceTable } from '../instances.ts'
import { createStore } from '../kysely/store.ts'
import type { Tables } from '../kysely/tables.ts'
import type { OperatorChanges } from '../operator-changes.ts'
import type { Queue } from '../queue/queue.ts'
import type { ReceiverClaims } from '../receivers.ts'
import type { Replicas } from '../replicas.ts'
import type { Store } from '../store.ts'
import type { UpstreamNotes } from '../upstream-notes.ts'
import type { UsageTable } from '../usage.ts'
import { createDialect, createPool } from './dialect.ts'
import { createInstanceTable } from './instances.ts'
import { migrate } from './migrate.ts'
import { createOperatorChanges } from './operator-changes.ts'
import { createPostgresQueue } from './queue/queue.ts'
import { createClaimTransact } from './queue/transact.ts'
import { createReceiverClaims } from './receivers.ts'
import { createPostgresReplicas } from './replicas/replicas.ts'
import { createTransactions } from './transactions.ts'
import { createUpstreamNotes } from './upstream-notes.ts'
import { createUsageTable } from './usage.ts'
import { createPipeline } from './writer/pipeline.ts'
import { createSession } from './writer/session.ts'
import { createReplicaWriter } from './writer/writer.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The id of this replica. */
  readonly replica: string
  /** A replica is dead this long after its last beat, in milliseconds; 10 s when left out. */
  readonly deadMs?: number | undefined
  /** A connection was lost. */
  readonly onLost: (error: Error) => void
}

/** SQLite takes `in ()` for false; PostgreSQL does not take it. */
const emptyLists = new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })

/** How many connections a replica has. */
const connections = { store: 10, claims: 4, replicas: 2, counts: 4, rates: 2 }

export interface OpenedPostgres {
  readonly store: Store
  readonly queue: Queue
  readonly replicas: Replicas
  readonly receivers: ReceiverClaims
  readonly instances: InstanceTable
  readonly usage: UsageTable
  readonly operatorChanges: OperatorChanges
  readonly upstreamNotes: UpstreamNotes
  readonly rates: pg.Pool
}

/**
 * Opens a PostgreSQL database and migrates its tables. All is closed with `store`. Throws `Error` with
 * a sentence for the operator when it was written by a newer Sandpit or cannot be used.
 */
export async function openPostgres({
  url,
  replica,
  deadMs = 10_000,
  onLost,
}: PostgresOptions): Promise<OpenedPostgres> {
  const open = (dialect: Dialect) => new Kysely<Tables>({ dialect, plugins: [emptyLists] })
  const dialect = createDialect(createPool({ url, most: connections.store, onLost }))
  const db = open(dialect)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const session = createSession({ url, onLost })
  const transactionIn = createTransactions({ db, dialect })
  const pipeline = createPipeline({ transactionIn, session: session.current })
  const store = createStore(db, { writer: createReplicaWriter(db, pipeline), replica })
  const claims = createPool({ url, most: connections.claims, pipeline: true, onLost })
  // A beat waits for no claims: their locks may be held for seconds.
  const beats = open(createDialect(createPool({ url, most: connections.replicas, onLost })))
  // A count is held while a prediction is accepted, which may wait for a claim.
  const counts = open(createDialect(createPool({ url, most: connections.counts, onLost })))
  // A crash of the database may forget the requests of its last moments.
  const rates = createPool({ url, most: connections.rates, isDurable: false, onLost })
  return {
    store: {
      ...store,
      close: once(async () => {
        await Promise.all([claims.end(), beats.destroy(), counts.destroy(), rates.end()])
        await store.close()
        await session.close()
      }),
    },
    queue: createPostgresQueue({
      transact: createClaimTransact({ pool: claims, transactionIn }),
      db,
      store,
      replica,
    }),
    replicas: createPostgresReplicas({ db: beats, replica, deadMs }),
    receivers: createReceiverClaims(db, replica),
    instances: createInstanceTable({ db, replica, deadMs }),
    usage: createUsageTable(counts),
    operatorChanges: createOperatorChanges(db),
    upstreamNotes: createUpstreamNotes(db),
    rates,
  }
}
