import { type Kysely, sql } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** For several replicas on one database: which of them runs what, and how the turns of queues stand. */
export async function createReplicas(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('predictions').addColumn('ending', 'text').execute()
  await db.schema
    .createTable('replicas')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('beat_at', 'bigint', (column) => column.notNull())
    .addColumn('draining', 'integer', (column) => column.notNull())
    .addColumn('models', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('lanes')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('receivers')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute()
  if (isPostgres(db)) await indexQueues(db)
}

/** A server that is alone has its queues in memory: it need not pay for these. */
async function indexQueues(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index predictions_waiting
    on predictions (model_owner, model_name, (coalesce(account, created_by)), number)
    where owner is null and status in ('starting', 'processing')`.execute(db)
  await sql`
    create index predictions_running on predictions (model_owner, model_name)
    where owner is not null`.execute(db)
  await sql`create index predictions_owner on predictions (owner) where owner is not null`.execute(
    db,
  )
}
