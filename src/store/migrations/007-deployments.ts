import { type Kysely, sql } from 'kysely'

export async function createDeployments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deployments')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('release', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('deployments_key', ['owner', 'name'])
    .execute()
  await db.schema
    .createTable('runs')
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('made', 'bigint', (column) => column.notNull())
    .addColumn('kept', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('runs_key', ['model_owner', 'model_name', 'version'])
    .execute()
  // The only full count. From here on, the counts change with each prediction.
  await sql`
    insert into runs (model_owner, model_name, version, made, kept)
    select model_owner, model_name, version, count(*), count(*) from predictions
    group by model_owner, model_name, version`.execute(db)
}
