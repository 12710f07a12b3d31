import { type Kysely, PostgresAdapter } from 'kysely'

/** Whether statements go to PostgreSQL; else they go to SQLite. */
export function isPostgres(db: Pick<Kysely<unknown>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
