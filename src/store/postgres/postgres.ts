import { Kysely, Migrator } from 'kysely'
import { createStore } from '../kysely/store.ts'
import type { Tables } from '../kysely/tables.ts'
import { migrations } from '../migrations/index.ts'
import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store.ts'
import { createDialect } from './dialect.ts'
import { createPostgresQueue } from './queue/queue.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The id of this replica. */
  readonly replica: string
  /** A connection that nobody used at the time was lost. */
  readonly onLost: (error: Error) => void
}

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
  const open = (most: number) =>
    new Kysely<Tables>({ dialect: createDialect({ url, most, onLost }) })
  const db = open(connections.store)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const store = createStore(db, { sync: async () => {}, replica })
  const claims = open(connections.claims)
  return {
    store: {
      ...store,
      async close() {
        await claims.destroy()
        await store.close()
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
