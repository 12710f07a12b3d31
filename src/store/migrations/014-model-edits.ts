import { type Kysely, sql } from 'kysely'
import { isPostgres } from '../kysely/database.ts'

/** Edits of models, which were in their records until now, and collections. */
export async function createModelEdits(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('model_edits')
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('readme', 'text')
    .addColumn('github', 'text')
    .addColumn('paper', 'text')
    .addColumn('license', 'text')
    .addColumn('cover', 'text')
    .addColumn('cover_ref', 'text')
    .addColumn('tags', 'text')
    .addColumn('visibility', 'text')
    .addColumn('default_example', 'text')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_edits_key', ['model_owner', 'model_name'])
    .execute()
  await db.schema.createIndex('model_edits_cover').on('model_edits').column('cover_ref').execute()
  await db.schema.alterTable('models').addColumn('hardware', 'text').execute()
  // No PostgreSQL database is as old as the details.
  if (!isPostgres(db)) await moveDetails(db)
  await db.schema.alterTable('models').dropColumn('details').execute()
  await createCollections(db)
}

async function moveDetails(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into model_edits (model_owner, model_name, description, readme, github, paper, license,
      cover, visibility, revision, updated_at, updated_by)
    select model_owner, model_name, details ->> 'description', details ->> 'readme',
      details ->> 'githubUrl', details ->> 'paperUrl', details ->> 'licenseUrl',
      case when details ->> 'coverImageUrl' is not null
        then json_object('url', details ->> 'coverImageUrl') end,
      case when details ->> 'visibility' = 'private' then 'private' end, 1, updated_at, ''
    from models
    where coalesce(details ->> 'description', details ->> 'readme', details ->> 'githubUrl',
      details ->> 'paperUrl', details ->> 'licenseUrl', details ->> 'coverImageUrl') is not null
      or details ->> 'visibility' = 'private'`.execute(db)
  await sql`update models set hardware = details ->> 'hardware'`.execute(db)
}

async function createCollections(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('collections')
    .addColumn('slug', 'text', (column) => column.primaryKey().notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('models', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute()
}
