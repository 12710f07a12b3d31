import type { Kysely } from 'kysely'

/** Where several servers share containers: what they ask of the one that runs them, and what it says of them. */
export async function createInstanceTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('instance_requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('replica', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('progress', 'text')
    .addColumn('answer', 'text')
    .execute()
  await db.schema
    .createTable('instance_states')
    .addColumn('model', 'text', (column) => column.primaryKey())
    .addColumn('states', 'text', (column) => column.notNull())
    .addColumn('failures', 'text', (column) => column.notNull())
    .execute()
}
