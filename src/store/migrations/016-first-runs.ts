import { type Kysely, sql } from 'kysely'

/** When each version was first run. */
export async function addFirstRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('first_at', 'bigint').execute()
  // The only look at all predictions. From here on, the first of a version writes it.
  await sql`
    update runs set first_at = first.at from (
      select model_owner, model_name, version, min(created_at) as at from predictions
      group by model_owner, model_name, version
    ) as first
    where first.model_owner = runs.model_owner and first.model_name = runs.model_name
      and first.version = runs.version`.execute(db)
}
