import type { Kysely } from 'kysely'

export async function createHistory(db: Kysely<unknown>): Promise<void> {
  await createFavourites(db)
}

/** `created_at` is that of the prediction: favourites are listed as all predictions are. */
async function createFavourites(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('favourites')
    .addColumn('viewer', 'text', (column) => column.notNull())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('favourites_key', ['viewer', 'prediction'])
    .execute()
  await db.schema
    .createIndex('favourites_of_viewer')
    .on('favourites')
    .columns(['viewer', 'created_at', 'prediction'])
    .execute()
  await db.schema
    .createIndex('favourites_prediction')
    .on('favourites')
    .column('prediction')
    .execute()
}
