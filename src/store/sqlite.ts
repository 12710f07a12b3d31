import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, Migrator, sql } from 'kysely'
import { NoSpace } from '../domain/unavailable.ts'
import { createDatabaseHealth } from './database-health.ts'
import { createStore } from './kysely/store.ts'
import type { Tables } from './kysely/tables.ts'
import { createWriter, inTurn } from './kysely/writer.ts'
import { migrations } from './migrations/index.ts'
import { createDialect } from './sqlite-dialect.ts'
import type { Store } from './store.ts'
import { openWalSync } from './wal-sync.ts'
import { writeBusyInThread } from './writer-thread/busy-writes.ts'
import { startWriterThread } from './writer-thread/writer-thread.ts'

/**
 * Opens the SQLite store in a file and migrates its tables; before a migration, a copy of the file is
 * kept beside it. Throws `Error` with a sentence for the operator when the file was written by a newer
 * Sandpit or cannot be used.
 */
export async function openSqlite(path: string): Promise<Store> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const database = openFile(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  const health = createDatabaseHealth(path)
  const db = new Kysely<Tables>({ dialect: createDialect(database, health) })
  try {
    await migrate(db, path)
  } catch (error) {
    await db.destroy()
    throw error
  }
  // The time-out of SQLite blocks the event loop. From here on, the dialect and the writer retry instead.
  database.exec('pragma busy_timeout = 0')
  // From here on, the writer syncs what is committed.
  database.exec('pragma synchronous = normal')
  const wal = openWalSync(path)
  const writer = createWriter(inTurn(db), wal.sync)
  const store = writeBusyInThread(createStore(db, { writer, replica: null }), {
    start: (onReady, onLost) =>
      startWriterThread({ path, onReady, onLost, onNoted: health.note, onUnsynced: wal.fail }),
    hasFailed: () => wal.failure() !== null,
  })
  return {
    ...store,
    async ping() {
      const damage = await health.damage()
      if (damage !== null) throw new Error(`the database is damaged: ${damage}`)
      if (wal.failure() !== null) throw new Error(`the database cannot be synced: ${wal.failure()}`)
      if (health.isFull()) throw new NoSpace('the disk of the server is full')
      await store.ping()
    },
    async close() {
      await store.close()
      wal.close()
    },
  }
}

/** How long a start waits while another process locks the database. */
const startWaitMs = 5_000

function openFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: startWaitMs })
  try {
    database.exec('pragma schema_version')
    return database
  } catch (error) {
    database.close()
    throw new Error(
      `${path} cannot be used as a database: ${error instanceof Error ? error.message : error}.`,
      { cause: error },
    )
  }
}

async function migrate(db: Kysely<Tables>, path: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const known = await migrator.getMigrations()
  const pending = known.filter(({ executedAt }) => !executedAt)
  if (pending.length > 0 && pending.length < known.length)
    await keepCopy(db, path, pending[0]?.name)
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  const newer = error instanceof Error && error.message.includes('previously executed migration')
  throw newer
    ? new Error(
        `${path} was written by a newer version of Sandpit. Start that version, or restore the copy it saved.`,
      )
    : error
}

async function keepCopy(db: Kysely<Tables>, path: string, migration = ''): Promise<void> {
  const copy = join(dirname(path), `before-${migration}.sqlite`)
  rmSync(copy, { force: true })
  await sql`vacuum into ${copy}`.execute(db)
}
