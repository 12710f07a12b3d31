import type { Kysely } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** What replicas know of upstreams. A server that is alone keeps it on its disk and in memory. */
export async function createUpstreamNotes(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return
  await db.schema
    .createTable('upstream_notes')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('edition', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('upstream_notes_key', ['kind', 'key'])
    .execute()
}
