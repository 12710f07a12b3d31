import type { Kysely } from 'kysely'

/** Deletions of many predictions that are under way. */
export async function createRemovals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('removals')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('filter', 'text', (column) => column.notNull())
    .addColumn('uploads_of', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
}
