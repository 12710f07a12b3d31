import type { Kysely } from 'kysely'

/** The prediction whose answer one goes on from. */
export async function linkTurns(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('predictions').addColumn('continues', 'text').execute()
}
