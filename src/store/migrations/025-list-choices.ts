import { type Kysely, sql } from 'kysely'

/** The indexes of lists of what somebody made, and of what was made for a group, by status; of what programs made. */
export async function indexChoices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('predictions_of_viewer_by_status')
    .on('predictions')
    .columns(['created_by', 'status', 'created_at', 'id'])
    .execute()
  await sql`
    create index predictions_of_account_by_status
    on predictions (account, status, created_at, id)
    where account is not null`.execute(db)
  await db.schema
    .createIndex('predictions_by_source')
    .on('predictions')
    .columns(['source', 'visibility', 'created_at', 'id'])
    .execute()
}
