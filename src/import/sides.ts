import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { connectionSettings } from '../postgres/settings.ts'
import type { Tables } from '../store/kysely/tables.ts'
import { createPool, createDialect as createPostgresDialect } from '../store/postgres/dialect.ts'
import { openPostgres } from '../store/postgres/postgres.ts'
import { openSqlite } from '../store/sqlite.ts'
import { createDialect as createSqliteDialect } from '../store/sqlite-dialect.ts'

/** A database that is read or written table by table. */
export type Side = Kysely<Tables>

/** Opens the file of a data folder that is locked, and migrates it. */
export async function openSqliteSide(path: string): Promise<Side> {
  await (await openSqlite(path)).close()
  const database = new DatabaseSync(path)
  // Rows arrive table by table.
  database.exec('pragma synchronous = full; pragma foreign_keys = off')
  return new Kysely({ dialect: createSqliteDialect(database, { note() {} }) })
}

/** Opens a PostgreSQL database and migrates it. Throws `Error` when servers use it. */
export async function openPostgresSide(url: string): Promise<Side> {
  const side: Side = new Kysely({
    dialect: createPostgresDialect(createPool({ url, most: 1, onLost() {} })),
  })
  try {
    await refuseInUse(side)
    const { store } = await openPostgres({ url, replica: 'import', onLost() {} })
    await store.close()
    return side
  } catch (error) {
    await side.destroy()
    throw error
  }
}

/** Throws `Error` when other connections of Sandpit are open. */
export async function refuseInUse(postgres: Side): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
    and application_name = ${connectionSettings.application_name}`.execute(postgres)
  if (Number(rows[0]?.count) > 0)
    throw new Error('The PostgreSQL database is in use. Stop every Sandpit on it first.')
}

/** Throws `Error` unless there is a database to read. */
export function refuseAbsent(path: string): void {
  if (!existsSync(path))
    throw new Error(`There is no ${path}. Set SANDPIT_DATA to the data folder.`)
}
