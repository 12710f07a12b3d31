import type { Kysely } from 'kysely'

/** Columns for lists. They are filled in for older rows when these are first listed. */
export async function createSummaries(db: Kysely<unknown>): Promise<void> {
  for (const name of ['summary', 'made'] as const)
    await db.schema.alterTable('predictions').addColumn(name, 'text').execute()
}
