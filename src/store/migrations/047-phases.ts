import type { Kysely } from 'kysely'

/** What a prediction went through besides waiting and running. */
export async function keepPhases(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('predictions').addColumn('phases', 'text').execute()
}
