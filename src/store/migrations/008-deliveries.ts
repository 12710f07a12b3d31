import type { Kysely } from 'kysely'

export async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('receiver', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint')
    .addColumn('answer', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('tried_at', 'bigint')
    .addPrimaryKeyConstraint('deliveries_key', ['prediction', 'event'])
    .execute()
  // Most deliveries have arrived: those are not in it.
  await db.schema
    .createIndex('deliveries_pending')
    .on('deliveries')
    .columns(['receiver', 'next_at'])
    .where('next_at', 'is not', null)
    .execute()
}
