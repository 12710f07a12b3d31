import type { Kysely } from 'kysely'

/** What lists show, beside what it is made of. Rows of before are filled in as they are first listed. */
export async function createSummaries(db: Kysely<unknown>): Promise<void> {
  for (const name of ['summary', 'made'] as const)
    await db.schema.alterTable('predictions').addColumn(name, 'text').execute()
}
