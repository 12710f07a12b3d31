import type { Kysely } from 'kysely'

export async function createPredictions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('predictions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('output', 'text')
    .addColumn('iterates', 'integer', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('logs', 'text', (column) => column.notNull())
    .addColumn('progress', 'text')
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('completed_at', 'bigint')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('parent', 'text')
    .addColumn('form_key', 'text')
    .addColumn('owner', 'text')
    .addColumn('heartbeat_at', 'bigint')
    .execute()
  await createListIndexes(db)
  await db.schema
    .createTable('chunks')
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('chunks_key', ['prediction', 'part', 'position'])
    .execute()
  await db.schema
    .createTable('versions')
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('schemas', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('versions_key', ['model_owner', 'model_name', 'id'])
    .execute()
  await createFiles(db)
}

/** One index for each list there is: all, of a model, by status, of a viewer, all by time. */
async function createListIndexes(db: Kysely<unknown>): Promise<void> {
  const lists = {
    all: [],
    of_model: ['model_owner', 'model_name'],
    by_status: ['status'],
    of_model_by_status: ['model_owner', 'model_name', 'status'],
    of_viewer: ['created_by'],
  }
  for (const [name, columns] of Object.entries(lists))
    await db.schema
      .createIndex(`predictions_${name}`)
      .on('predictions')
      .columns([...columns, 'created_at', 'id'])
      .execute()
  await db.schema.createIndex('predictions_form').on('predictions').column('form_key').execute()
  await db.schema.createIndex('predictions_parent').on('predictions').column('parent').execute()
}

async function createFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('contents')
    .addColumn('sha256', 'text', (column) => column.primaryKey().notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('unreferenced_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('contents_unreferenced')
    .on('contents')
    .column('unreferenced_at')
    .execute()
  await db.schema
    .createTable('files')
    .addColumn('ref', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sha256', 'text', (column) => column.notNull().references('contents.sha256'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('prediction', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('files_sha256').on('files').column('sha256').execute()
  await db.schema
    .createIndex('files_prediction')
    .on('files')
    .columns(['prediction', 'created_at'])
    .execute()
}
