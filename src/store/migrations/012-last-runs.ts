import type { Kysely } from 'kysely'

/** For the last runs of a model by one viewer, which stand under its form. */
export async function createLastRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('predictions_of_viewer_of_model')
    .on('predictions')
    .columns(['created_by', 'model_owner', 'model_name', 'created_at', 'id'])
    .execute()
}
