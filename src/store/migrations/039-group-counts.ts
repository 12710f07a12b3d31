import { type Kysely, sql } from 'kysely'

/** Counts the predictions of a group, and notices changes, from the index alone. */
export async function indexGroupCounts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index predictions_by_group_status on predictions (run_group, status, revision)
    where run_group is not null`.execute(db)
}
