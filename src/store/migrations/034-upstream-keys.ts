import type { Kysely } from 'kysely'

/** The keys of upstreams that operators gave on a page. */
export async function createUpstreamKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('upstream_keys')
    .addColumn('address', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_by', 'text', (column) => column.notNull())
    .execute()
}
