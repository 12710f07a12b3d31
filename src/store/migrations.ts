import { type Kysely, type Migration, sql } from 'kysely'

/** Every migration by name, in order. One that has been released never changes again. */
export const migrations: Record<string, Migration> = {
  '001-predictions': { up: createPredictions },
  '002-shares': { up: createShares },
  '003-secrets': { up: createSecrets },
  '004-examples': { up: createExamples },
  '005-upstreams': { up: createUpstreams },
  '006-api-files': { up: createApiFiles },
  '007-deployments': { up: createDeployments },
  '008-deliveries': { up: createDeliveries },
}

async function createPredictions(db: Kysely<unknown>): Promise<void> {
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

async function createShares(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shares')
    .addColumn('token', 'text', (column) => column.primaryKey().notNull())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema.createIndex('shares_prediction').on('shares').column('prediction').execute()
}

async function createSecrets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('secrets')
    .addColumn('prediction', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .execute()
}

async function createExamples(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('examples')
    .addColumn('prediction', 'text', (column) => column.primaryKey().notNull())
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('examples_of_model')
    .on('examples')
    .columns(['model_owner', 'model_name', 'created_at'])
    .execute()
}

async function createUpstreams(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('predictions')
    .addColumn('metrics', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute()
  for (const name of ['remote', 'deployment', 'webhook'] as const)
    await db.schema.alterTable('predictions').addColumn(name, 'text').execute()
  await db.schema.alterTable('predictions').addColumn('deadline', 'bigint').execute()
  await db.schema
    .createTable('models')
    .addColumn('model_owner', 'text', (column) => column.notNull())
    .addColumn('model_name', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('models_key', ['model_owner', 'model_name'])
    .execute()
}

/** Files that programs uploaded by themselves, and versions that are named without their model. */
async function createApiFiles(db: Kysely<unknown>): Promise<void> {
  for (const name of ['owner', 'metadata'] as const)
    await db.schema.alterTable('files').addColumn(name, 'text').execute()
  await db.schema
    .createIndex('files_uploaded')
    .on('files')
    .columns(['created_at', 'ref'])
    .where(sql.ref('owner'), 'is not', null)
    .execute()
  await db.schema.createIndex('versions_by_id').on('versions').column('id').execute()
}

async function createDeployments(db: Kysely<unknown>): Promise<void> {
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
  // The one time that predictions are counted: from here on, each is counted as it comes and goes.
  await sql`
    insert into runs (model_owner, model_name, version, made, kept)
    select model_owner, model_name, version, count(*), count(*) from predictions
    group by model_owner, model_name, version`.execute(db)
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('receiver', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint')
    .addColumn('answer', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('tried_at', 'bigint')
    .addPrimaryKeyConstraint('deliveries_key', ['prediction', 'event'])
    .execute()
  // Most deliveries have arrived: those are not in it.
  await db.schema
    .createIndex('deliveries_pending')
    .on('deliveries')
    .columns(['receiver', 'next_at'])
    .where('next_at', 'is not', null)
    .execute()
}
