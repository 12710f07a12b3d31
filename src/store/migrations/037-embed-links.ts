import type { Kysely } from 'kysely'

/** Links by which pages of other origins show a model. */
export async function createEmbedLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('embed_links')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('shows', 'text', (column) => column.notNull())
    .addColumn('sign_in', 'integer', (column) => column.notNull())
    .addColumn('runs_per_day', 'integer')
    .addColumn('expires_at', 'bigint')
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('runs', 'integer', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('ended', 'text')
    .execute()
  await db.schema
    .createIndex('embed_links_of_model')
    .on('embed_links')
    .columns(['model_owner', 'model_name', 'created_at'])
    .execute()
}
