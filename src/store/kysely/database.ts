import { type Kysely, PostgresAdapter, sql, type Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Whether statements go to PostgreSQL; else they go to SQLite. */
export function isPostgres(db: Pick<Kysely<unknown>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}

/**
 * Waits until no other transaction changes a prediction, and lets none until this one ends. SQLite has one
 * writer at a time.
 */
export async function lockPrediction(trx: Transaction<Tables>, id: string): Promise<void> {
  if (!isPostgres(trx)) return
  await trx.selectFrom('predictions').select('id').where('id', '=', id).forUpdate().execute()
}

/** The same for whoever writes under a key, whether or not anything has it yet. */
export async function lockKey(trx: Transaction<Tables>, key: string): Promise<void> {
  if (isPostgres(trx))
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx)
}
