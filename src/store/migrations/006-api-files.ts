import { type Kysely, sql } from 'kysely'

/** Files that programs uploaded by themselves, and versions that are named without their model. */
export async function createApiFiles(db: Kysely<unknown>): Promise<void> {
  for (const name of ['owner', 'metadata'] as const)
    await db.schema.alterTable('files').addColumn(name, 'text').execute()
  await db.schema
    .createIndex('files_uploaded')
    .on('files')
    .columns(['created_at', 'ref'])
    .where(sql.ref('owner'), 'is not', null)
    .execute()
  await db.schema.createIndex('versions_by_id').on('versions').column('id').execute()
}
