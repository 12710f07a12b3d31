import type { Kysely } from 'kysely'

export async function addCogVersions(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('versions').addColumn('cog_version', 'text').execute()
}
