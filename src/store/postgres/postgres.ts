import { Kysely, Migrator } from 'kysely'
import { createStore } from '../kysely/store.ts'
import type { Tables } from '../kysely/tables.ts'
import { migrations } from '../migrations/index.ts'
import type { Store } from '../store.ts'
import { createDialect } from './dialect.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** A connection that nobody used at the time was lost. */
  readonly onLost: (error: Error) => void
}

/** Reads are spread over so many connections. */
const mostConnections = 10

/**
 * Opens the PostgreSQL store and migrates its tables. Throws `Error` with a sentence for the operator
 * when the database was written by a newer Sandpit or cannot be used.
 */
export async function openPostgres({ url, onLost }: PostgresOptions): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: createDialect({ url, most: mostConnections, onLost }) })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return createStore(db, async () => {})
}

/** Several servers may start at once: the migrator takes a lock. */
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
