import { type Kysely, sql } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** For the replica that ends what no other does. A server that is alone has timers. */
export async function indexDeadlines(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return
  await sql`
    create index predictions_deadline on predictions (deadline)
    where owner is null and status in ('starting', 'processing') and deadline is not null`.execute(
    db,
  )
}
