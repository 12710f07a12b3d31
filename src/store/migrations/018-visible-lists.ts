import { type Kysely, sql } from 'kysely'

const lists = {
  of_model: ['model_owner', 'model_name'],
  by_status: ['status'],
  of_model_by_status: ['model_owner', 'model_name', 'status'],
} as const

/** The indexes of lists by model and status, each with public and private predictions apart. */
export async function indexVisibility(db: Kysely<unknown>): Promise<void> {
  for (const [name, columns] of Object.entries(lists)) {
    await db.schema.dropIndex(`predictions_${name}`).execute()
    await db.schema
      .createIndex(`predictions_${name}`)
      .on('predictions')
      .columns([...columns, 'visibility', 'created_at', 'id'])
      .execute()
  }
  await sql`
    create index predictions_of_account_of_model
    on predictions (account, model_owner, model_name, created_at, id)
    where account is not null`.execute(db)
  await sql`
    create index files_of_owner on files (owner, created_at, ref)
    where owner is not null`.execute(db)
}
