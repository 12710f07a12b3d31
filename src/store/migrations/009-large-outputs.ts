import type { Kysely } from 'kysely'

export async function createLargeOutputs(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('predictions').addColumn('excerpt', 'text').execute()
}
