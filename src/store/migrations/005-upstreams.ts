import type { Kysely } from 'kysely'

export async function createUpstreams(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('predictions')
    .addColumn('metrics', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute()
  for (const name of ['remote', 'deployment', 'webhook'] as const)
    await db.schema.alterTable('predictions').addColumn(name, 'text').execute()
  await db.schema.alterTable('predictions').addColumn('deadline', 'bigint').execute()
  await db.schema
    .createTable('models')
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('models_key', ['model_owner', 'model_name'])
    .execute()
}
