import { type Kysely, PostgresAdapter, sql, type Transaction } from 'kysely'
import { atOnce } from '../../postgres/at-once.ts'
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

/**
 * Takes the steps of a write whose order does not matter: at once on PostgreSQL, where their statements are sent
 * without waiting for the answers to each other. Ends when all have ended.
 */
export async function takeSteps(
  db: Parameters<typeof isPostgres>[0],
  steps: readonly (() => Promise<unknown>)[],
): Promise<void> {
  if (isPostgres(db)) await atOnce(steps.map((step) => step()))
  else for (const step of steps) await step()
}
