import { type Kysely, sql } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** A count of the changes of what operators keep. A server that is alone knows of them without it. */
export async function countOperatorChanges(db: Kysely<unknown>): Promise<void> {
  if (isPostgres(db)) await sql`create sequence operator_changes`.execute(db)
}
