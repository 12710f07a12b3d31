import type { Kysely } from 'kysely'

export async function createShares(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shares')
    .addColumn('token', 'text', (column) => column.primaryKey().notNull())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema.createIndex('shares_prediction').on('shares').column('prediction').execute()
}
