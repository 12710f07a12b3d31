import type { Kysely } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** Counts of runs by whoever counted them: replicas that add to one row wait for each other. */
export async function shardRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('runs')
    .addColumn('shard', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  // SQLite has one shard, so the key stays that of a version.
  if (!isPostgres(db)) return
  await db.schema.alterTable('runs').dropConstraint('runs_key').execute()
  await db.schema
    .alterTable('runs')
    .addPrimaryKeyConstraint('runs_key', ['model_owner', 'model_name', 'version', 'shard'])
    .execute()
}
