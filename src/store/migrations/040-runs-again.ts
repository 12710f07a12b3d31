import { type Kysely, sql } from 'kysely'

/** Planned runs say their inputs in a line, and runs of a group that another took the place of are not counted. */
export async function keepRunsAgain(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('planned_runs')
    .addColumn('summary', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await sql`drop index predictions_by_group_status`.execute(db)
  await sql`
    create index predictions_by_group_status on predictions (run_group, status, place, revision)
    where run_group is not null`.execute(db)
}
