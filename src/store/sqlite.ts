import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  Migrator,
  type SqliteDatabase,
  SqliteDialect,
  sql,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import { NoSpace, StoreBusy } from '../domain/unavailable.ts'
import { type Condition, createCondition } from './condition.ts'
import { migrations } from './migrations/index.ts'
import { patiently } from './patience.ts'
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
  const condition = createCondition(path)
  const db = new Kysely<Tables>({ dialect: dialectOf(database, condition) })
  try {
    await migrate(db, path)
  } catch (error) {
    await db.destroy()
    throw error
  }
  // SQLite waits in the middle of the event loop. From here on, we wait beside it.
  database.exec('pragma busy_timeout = 0')
  const store = createStore(db)
  return {
    ...store,
    async ping() {
      const damage = await condition.damage()
      if (damage !== null) throw new Error(`the database is damaged: ${damage}`)
      if (condition.isFull()) throw new NoSpace('the disk of the server is full')
      await store.ping()
    },
  }
}

/** How long a start waits for another process that holds the database. */
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

/** A change of tables that fails half way is undone: SQLite can do that, and Kysely takes it that it cannot. */
function dialectOf(database: DatabaseSync, condition: Condition): SqliteDialect {
  const dialect = new SqliteDialect({ database: adapt(database, condition) })
  const adapter = Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', {
    value: true,
  })
  const driver = patientDriver(dialect.createDriver(), database)
  return Object.assign(dialect, { createAdapter: () => adapter, createDriver: () => driver })
}

/**
 * Waits for a database that another process holds. A transaction takes the lock as it begins, or
 * fails there: the writer begins it again, and meanwhile others may read.
 */
function patientDriver(driver: Driver, database: DatabaseSync): Driver {
  const immediate = CompiledQuery.raw('begin immediate')
  const acquire = driver.acquireConnection.bind(driver)
  let patient: DatabaseConnection | undefined

  function patientConnection(connection: DatabaseConnection): DatabaseConnection {
    return {
      streamQuery: connection.streamQuery.bind(connection),
      async executeQuery<R>(query: CompiledQuery) {
        const execute = async () => connection.executeQuery<R>(query)
        return query === immediate || database.isTransaction ? execute() : patiently(execute)
      },
    }
  }

  return Object.assign(driver, {
    async acquireConnection() {
      const connection = await acquire()
      patient ??= patientConnection(connection)
      return patient
    },
    beginTransaction: async (connection: DatabaseConnection) =>
      void (await connection.executeQuery(immediate)),
  })
}

/** More than there are: lists of values make one for each length. */
const mostPrepared = 500

/** Kysely's dialect was written for another driver: this is what it asks of one. */
function adapt(database: DatabaseSync, condition: Condition): SqliteDatabase {
  const told: Told = (run) => toldOf(run, condition)
  const prepared = new LRUCache<string, ReturnType<typeof adaptStatement>>({ max: mostPrepared })
  return {
    close: () => database.close(),
    prepare(text) {
      const known = prepared.get(text)
      if (known) return known
      // SQLite takes some of what failed back by itself, and then there is nothing to roll back.
      const isNeeded = () => text !== 'rollback' || database.isTransaction
      const statement = adaptStatement(
        told(() => database.prepare(text)),
        isNeeded,
        told,
      )
      prepared.set(text, statement)
      return statement
    },
  }
}

type Told = <T>(run: () => T) => T

function adaptStatement(statement: StatementSync, isNeeded: () => boolean, told: Told) {
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

/** Its numbers for a disk that is full, a file that is damaged, and a database or a table that another holds. */
const sqliteFull = 13
const sqliteDamaged = [11, 26]
const sqliteBusy = [5, 6]

/** What SQLite says, as the rest of us knows it. */
function toldOf<T>(run: () => T, condition: Condition): T {
  try {
    return run()
  } catch (error) {
    const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff
    if (code === sqliteFull) {
      condition.met('full', error)
      throw new NoSpace('The server’s disk is full.', { cause: error })
    }
    if (sqliteDamaged.includes(code)) condition.met('damage', error)
    if (sqliteBusy.includes(code))
      throw new StoreBusy('The database is locked by another process.', { cause: error })
    throw error
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
