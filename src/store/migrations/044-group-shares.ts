import { type Kysely, sql } from 'kysely'

/** Share links to groups of runs: those of predictions have no group. */
export async function addGroupShares(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('shares').addColumn('run_group', 'text').execute()
  await sql`
    create index shares_of_group on shares (run_group) where run_group is not null`.execute(db)
}
