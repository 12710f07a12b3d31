import { type Kysely, sql } from 'kysely'

/**
 * The indexes of lists of what somebody made, and of what was made for a group, that did not succeed; and
 * of what programs made. They have few rows, so that most predictions are not written to them.
 */
export async function indexChoices(db: Kysely<unknown>): Promise<void> {
  const isUnsuccessful = sql`(status = 'failed' or status = 'aborted' or status = 'canceled')`
  await sql`
    create index predictions_of_viewer_by_status
    on predictions (created_by, status, created_at, id)
    where ${isUnsuccessful}`.execute(db)
  await sql`
    create index predictions_of_account_by_status
    on predictions (account, status, created_at, id)
    where account is not null and ${isUnsuccessful}`.execute(db)
  await sql`
    create index predictions_by_api on predictions (visibility, created_at, id)
    where source = 'api'`.execute(db)
}
