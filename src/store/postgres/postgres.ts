import {
  type Dialect,
  HandleEmptyInListsPlugin,
  Kysely,
  Migrator,
  replaceWithNoncontingentExpression,
} from 'kysely'
import { createStore } from '../kysely/store.ts'
import type { Tables } from '../kysely/tables.ts'
import { migrations } from '../migrations/index.ts'
import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store.ts'
import { createDialect } from './dialect.ts'
import { createPostgresQueue } from './queue/queue.ts'
import { createPipeline } from './writer/pipeline.ts'
import { createSessions } from './writer/session.ts'
import { createReplicaWriter } from './writer/writer.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The id of this replica. */
  readonly replica: string
  /** A connection was lost. */
  readonly onLost: (error: Error) => void
}

/** SQLite takes `in ()` for false; PostgreSQL does not take it. */
const emptyLists = new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })

/** How many connections a replica has. */
const connections = { store: 10, claims: 4 }

/**
 * Opens a PostgreSQL database and migrates its tables. `queue` is closed with `store`. Throws `Error` with
 * a sentence for the operator when it was written by a newer Sandpit or cannot be used.
 */
export async function openPostgres({
  url,
  replica,
  onLost,
}: PostgresOptions): Promise<{ readonly store: Store; readonly queue: Queue }> {
  const open = (dialect: Dialect) => new Kysely<Tables>({ dialect, plugins: [emptyLists] })
  const dialect = createDialect({ url, most: connections.store, onLost })
  const db = open(dialect)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const sessions = createSessions({ url, onLost })
  const pipeline = createPipeline({ db, dialect, session: sessions.current })
  const store = createStore(db, { writer: createReplicaWriter(db, pipeline), replica })
  const claims = open(createDialect({ url, most: connections.claims, onLost }))
  return {
    store: {
      ...store,
      async close() {
        await claims.destroy()
        await store.close()
        await sessions.close()
      },
    },
    queue: createPostgresQueue({ db: claims, store, replica }),
  }
}

/** Several replicas may start at once: the migrator takes a lock. */
async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  const newer = error instanceof Error && error.message.includes('previously executed migration')
  throw newer
    ? new Error(
        'The database was written by a newer version of Sandpit. Start that version, or restore a backup.',
      )
    : error
}
