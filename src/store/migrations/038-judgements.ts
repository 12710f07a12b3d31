import type { Kysely } from 'kysely'

/** What people think of predictions, and which of two they find better. */
export async function createJudgements(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('judgements')
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('judge', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text')
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('judged_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('judgements_key', ['prediction', 'judge'])
    .execute()
  await db.schema
    .createTable('choices')
    .addColumn('run_group', 'text', (column) => column.notNull())
    .addColumn('first', 'text', (column) => column.notNull())
    .addColumn('second', 'text', (column) => column.notNull())
    .addColumn('judge', 'text', (column) => column.notNull())
    .addColumn('first_model', 'text', (column) => column.notNull())
    .addColumn('second_model', 'text', (column) => column.notNull())
    .addColumn('better', 'text', (column) => column.notNull())
    .addColumn('chosen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('choices_key', ['run_group', 'first', 'second', 'judge'])
    .execute()
}
