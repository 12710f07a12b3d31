import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, Migrator, type SqliteDatabase, SqliteDialect, sql } from 'kysely'
import { NoSpace } from '../domain/no-space.ts'
import { migrations } from './migrations/index.ts'
import type { Store } from './store.ts'
import { createStore } from './store-kysely.ts'
import type { Tables } from './tables.ts'

/**
 * Opens the SQLite store in a file, bringing its tables up to date; a copy of the file is kept
 * beside it first. Throws `Error` with a sentence for the operator when the file was written by
 * a newer Sandpit or cannot be used.
 */
export async function openSqlite(path: string): Promise<Store> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const database = openFile(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  const db = new Kysely<Tables>({ dialect: dialectOf(database) })
  try {
    await migrate(db, path)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return createStore(db)
}

function openFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 })
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

/** A change of tables that fails half way is undone: SQLite can do that, and Kysely takes it that it cannot. */
function dialectOf(database: DatabaseSync): SqliteDialect {
  const dialect = new SqliteDialect({ database: adapt(database) })
  const adapter = Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', {
    value: true,
  })
  return Object.assign(dialect, { createAdapter: () => adapter })
}

/** Kysely's dialect was written for another driver: this is what it asks of one. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, ReturnType<typeof adaptStatement>>()
  return {
    close: () => database.close(),
    prepare(text) {
      const known = prepared.get(text)
      if (known) return known
      // SQLite takes some of what failed back by itself, and then there is nothing to roll back.
      const isNeeded = () => text !== 'rollback' || database.isTransaction
      const statement = adaptStatement(database.prepare(text), isNeeded)
      prepared.set(text, statement)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync, isNeeded: () => boolean) {
  const inputs = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => told(() => statement.all(...inputs(parameters))),
    run: (parameters: readonly unknown[]) =>
      isNeeded() ? told(() => statement.run(...inputs(parameters))) : nothingChanged,
    iterate: (parameters: readonly unknown[]) =>
      statement.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
  }
}

const nothingChanged = { changes: 0, lastInsertRowid: 0 }

/** Its number for a disk that is full. */
const sqliteFull = 13

function told<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== sqliteFull) throw error
    throw new NoSpace('The disk of the server is full.', { cause: error })
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
        `${path} was written by a newer Sandpit. Start that one, or restore the copy it kept.`,
      )
    : error
}

async function keepCopy(db: Kysely<Tables>, path: string, migration = ''): Promise<void> {
  const copy = join(dirname(path), `before-${migration}.sqlite`)
  rmSync(copy, { force: true })
  await sql`vacuum into ${copy}`.execute(db)
}
