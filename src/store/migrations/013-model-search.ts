import { type Kysely, sql } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** When each model was first seen, and an index of the texts by which it is found. */
export async function createModelSearch(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('seen_models')
    .addColumn('id', isPostgres(db) ? 'serial' : 'integer', (column) => column.primaryKey())
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('signature', 'text')
    .addUniqueConstraint('seen_models_name', ['model_owner', 'model_name'])
    .execute()
  await sql`
    insert into seen_models (model_owner, model_name, seen_at)
    select model_owner, model_name, min(created_at) from versions
    group by model_owner, model_name`.execute(db)
  // Its rows are the trigrams of texts in `seen_models`, by its id; the texts themselves are not kept.
  if (isPostgres(db)) return createTrigrams(db)
  await sql`
    create virtual table model_texts using fts5(
      name, description, inputs, readme,
      content = '', contentless_delete = 1, detail = column, tokenize = 'trigram case_sensitive 1'
    )`.execute(db)
}

const fields = ['name', 'description', 'inputs', 'readme'] as const

async function createTrigrams(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table model_texts (
      rowid integer primary key, name text[], description text[], inputs text[], readme text[]
    )`.execute(db)
  for (const field of fields)
    await sql`
      create index ${sql.id(`model_texts_${field}`)} on model_texts using gin (${sql.id(field)})`.execute(
      db,
    )
}
