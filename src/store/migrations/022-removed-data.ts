import { type Kysely, sql } from 'kysely'

/** When the inputs, output, logs and files of a prediction were removed, and an index of those that have them. */
export async function addRemovedData(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('predictions').addColumn('data_removed_at', 'bigint').execute()
  // It has all that retention asks for, so that no row of large texts is read.
  await sql`
    create index predictions_with_data
    on predictions (created_at, id, model_owner, model_name, parent)
    where data_removed_at is null`.execute(db)
}
