import type { Kysely } from 'kysely'

/** Which inputs of a model comparisons take as inputs of another name. */
export async function keepCountsAs(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('model_edits').addColumn('counts_as', 'text').execute()
}
