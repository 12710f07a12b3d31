import { type Kysely, sql } from 'kysely'

/** Runs that were asked for together: groups, what is planned in them, and the places of predictions. */
export async function createGroups(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_groups')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('axes', 'text', (column) => column.notNull())
    .addColumn('models', 'text', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('stopped', 'text')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('form_key', 'text')
    .addColumn('opened', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('claimed_until', 'bigint')
    .execute()
  await db.schema
    .createIndex('run_groups_of_form')
    .on('run_groups')
    .columns(['form_key', 'created_at'])
    .execute()
  await db.schema
    .createTable('planned_runs')
    .addColumn('run_group', 'text', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text')
    .addColumn('problem', 'text')
    .addPrimaryKeyConstraint('planned_runs_key', ['run_group', 'place'])
    .execute()
  await sql`
    create index planned_runs_waiting on planned_runs (run_group, place)
    where problem is null`.execute(db)
  for (const [name, type] of [
    ['run_group', 'text'],
    ['place', 'integer'],
  ] as const)
    await db.schema.alterTable('predictions').addColumn(name, type).execute()
  await db.schema
    .alterTable('predictions')
    .addColumn('listed', 'integer', (column) => column.notNull().defaultTo(1))
    .execute()
  await sql`
    create unique index predictions_of_group on predictions (run_group, place)
    where run_group is not null`.execute(db)
}
