import { type Kysely, sql } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** What replicas count together: requests of a minute, and what people have used. A server that is alone counts in memory. */
export async function createLimits(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return
  // In the form of the library `rate-limiter-flexible`. Lost when the database server crashes.
  await sql`
    create unlogged table rates (
      key text primary key,
      points integer not null default 0,
      expire bigint
    )`.execute(db)
  await sql`
    create table usage (
      person text primary key,
      day bigint not null,
      runs bigint not null,
      ms bigint not null,
      minute_from bigint not null,
      in_minute integer not null
    )`.execute(db)
}
