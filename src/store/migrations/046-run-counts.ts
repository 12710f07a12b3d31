import type { Kysely } from 'kysely'

/** The runs of each model, counted by the hour in which they ended, and by what is measured of them. */
export async function createRunCounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_counts')
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addColumn('measure', 'text', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_counts_key', ['model', 'hour', 'measure', 'size'])
    .execute()
  await db.schema.createIndex('run_counts_hour').on('run_counts').column('hour').execute()
}
