import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import { NoSpace, StoreBusy } from '../domain/unavailable.ts'
import type { DatabaseHealth } from './database-health.ts'
import { sqliteBusy, sqliteCode, sqliteDamaged, sqliteFull } from './sqlite-errors.ts'

/** Where the errors of statements are noted. */
type Notes = Pick<DatabaseHealth, 'note'>

/**
 * Kysely's SQLite dialect over `node:sqlite`. Migrations are transactions, which Kysely does not
 * expect of SQLite: one that fails half way is rolled back.
 */
export function createDialect(database: DatabaseSync, health: Notes): SqliteDialect {
  const dialect = new SqliteDialect({ database: adapt(database, health) })
  const adapter = Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', {
    value: true,
  })
  const driver = retryingDriver(dialect.createDriver(), database)
  return Object.assign(dialect, { createAdapter: () => adapter, createDriver: () => driver })
}

/**
 * Retries statements while another process locks the database. A transaction takes the lock when it
 * begins, or fails there; the writer retries it, and others may read meanwhile.
 */
function retryingDriver(driver: Driver, database: DatabaseSync): Driver {
  const immediate = CompiledQuery.raw('begin immediate')
  const acquire = driver.acquireConnection.bind(driver)
  let retrying: DatabaseConnection | undefined

  function retryingConnection(connection: DatabaseConnection): DatabaseConnection {
    return {
      streamQuery: connection.streamQuery.bind(connection),
      async executeQuery<R>(query: CompiledQuery) {
        const execute = async () => connection.executeQuery<R>(query)
        return query === immediate || database.isTransaction ? execute() : retryWhileBusy(execute)
      },
    }
  }

  return Object.assign(driver, {
    async acquireConnection() {
      const connection = await acquire()
      retrying ??= retryingConnection(connection)
      return retrying
    },
    beginTransaction: async (connection: DatabaseConnection) =>
      void (await connection.executeQuery(immediate)),
  })
}

/** Above the number of different statements. A list of values has one for each length. */
const mostPrepared = 500

/** Adapts `node:sqlite` to the driver interface that Kysely's dialect expects. */
function adapt(database: DatabaseSync, health: Notes): SqliteDatabase {
  const guarded: Guarded = (run) => withKnownErrors(run, health)
  const prepared = new LRUCache<string, ReturnType<typeof adaptStatement>>({ max: mostPrepared })
  return {
    close: () => database.close(),
    prepare(text) {
      const known = prepared.get(text)
      if (known) return known
      // SQLite rolls some failed transactions back itself. Then there is nothing to roll back.
      const isNeeded = () => text !== 'rollback' || database.isTransaction
      const statement = adaptStatement(
        guarded(() => database.prepare(text)),
        isNeeded,
        guarded,
      )
      prepared.set(text, statement)
      return statement
    },
  }
}

type Guarded = <T>(run: () => T) => T

function adaptStatement(statement: StatementSync, isNeeded: () => boolean, guarded: Guarded) {
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => guarded(() => statement.all(...valuesOf(parameters))),
    run: (parameters: readonly unknown[]) =>
      isNeeded() ? guarded(() => statement.run(...valuesOf(parameters))) : nothingChanged,
    iterate: (parameters: readonly unknown[]) => statement.iterate(...valuesOf(parameters)),
  }
}

/** Kysely does not know the types that columns can hold; the types of the tables do. */
function valuesOf(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[]
}

const nothingChanged = { changes: 0, lastInsertRowid: 0 }

/** Turns the errors of SQLite that callers can handle into `NoSpace` and `StoreBusy`. */
function withKnownErrors<T>(run: () => T, health: Notes): T {
  try {
    return run()
  } catch (error) {
    const code = sqliteCode(error)
    if (code === sqliteFull) {
      health.note('full', error)
      throw new NoSpace('The server’s disk is full.', { cause: error })
    }
    if (sqliteDamaged.includes(code)) health.note('damaged', error)
    if (sqliteBusy.includes(code))
      throw new StoreBusy('The database is locked by another process.', { cause: error })
    throw error
  }
}

const firstBackOffMs = 5
const longestBackOffMs = 100

/** How long statements and transactions wait while another process locks the database. */
export const longestBusyMs = 5_000

/** Exponential back-off. */
export function backOff(tries: number): Promise<void> {
  return delay(Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(tries, 10)))
}

/** Retries while the database is locked. Rejects with `StoreBusy` after `longestBusyMs`. */
export async function retryWhileBusy<T>(run: () => Promise<T>): Promise<T> {
  const until = performance.now() + longestBusyMs
  for (let tries = 0; ; tries++)
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof StoreBusy) || performance.now() > until) throw error
      await backOff(tries)
    }
}
