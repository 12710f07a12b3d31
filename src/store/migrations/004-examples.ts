import type { Kysely } from 'kysely'

export async function createExamples(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('examples')
    .addColumn('prediction', 'text', (column) => column.primaryKey().notNull())
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('examples_of_model')
    .on('examples')
    .columns(['model_owner', 'model_name', 'created_at'])
    .execute()
}
