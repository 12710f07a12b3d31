import { type Kysely, sql } from 'kysely'
import { isSettled } from '../../domain/prediction/prediction.ts'
import { snippetOf } from '../../domain/prediction/summary.ts'
import { isPostgres } from '../kysely/database.ts'
import { readJson } from '../kysely/prediction-rows.ts'
import type { PredictionRow } from '../kysely/tables.ts'
import { indexedWords } from '../kysely/texts/texts.ts'

/** For the list of predictions: favourites, a search, and columns to choose and to draw rows by. */
export async function createHistory(db: Kysely<unknown>): Promise<void> {
  await createFavourites(db)
  await (isPostgres(db) ? createWords(db) : createTexts(db))
  await addColumns(db)
  await readSettled(db)
}

/** `created_at` is that of the prediction: favourites are listed as all predictions are. */
async function createFavourites(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('favourites')
    .addColumn('viewer', 'text', (column) => column.notNull())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('favourites_key', ['viewer', 'prediction'])
    .execute()
  await db.schema
    .createIndex('favourites_of_viewer')
    .on('favourites')
    .columns(['viewer', 'created_at', 'prediction'])
    .execute()
  await db.schema
    .createIndex('favourites_prediction')
    .on('favourites')
    .column('prediction')
    .execute()
}

/**
 * An index of words, each once for each prediction. `ascii` keeps every character beyond ASCII, so a
 * word stays the one token that `searchWords` made it; `porter` reduces English words to their stem.
 */
async function createTexts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create virtual table texts using fts5(
      words, content='', contentless_delete=1, detail=none, tokenize='porter ascii'
    )`.execute(db)
}

/** The same for PostgreSQL, with the words reduced as `porter` does, and the numbers drawn from a sequence. */
async function createWords(db: Kysely<unknown>): Promise<void> {
  await sql`create table texts (rowid bigint primary key, words text[] not null)`.execute(db)
  await sql`create index texts_words on texts using gin (words)`.execute(db)
  await sql`create sequence prediction_numbers`.execute(db)
}

/** `number` orders predictions as they were accepted, and is the row of their words. */
async function addColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('predictions')
    .addColumn('number', isPostgres(db) ? 'bigint' : 'integer')
    .execute()
  await db.schema.alterTable('predictions').addColumn('snippet', 'text').execute()
  await sql`
    update predictions set number = ordered.number
    from (select id, row_number() over (order by created_at, id) as number from predictions) as ordered
    where ordered.id = predictions.id`.execute(db)
  await db.schema
    .createIndex('predictions_number')
    .on('predictions')
    .column('number')
    .unique()
    .execute()
}

const batch = 200

/** The words and the snippets of the predictions that are settled already. */
async function readSettled(db: Kysely<unknown>): Promise<void> {
  for (let after = 0, left = true; left; after += batch) {
    const { rows } = await sql<SettledRow>`
      select number, status, input, output, excerpt, files, iterates from predictions
      where number > ${after} and number <= ${after + batch}`.execute(db)
    for (const row of rows) if (isSettled(row)) await readOne(db, row)
    left = rows.length > 0
  }
}

type SettledRow = Pick<
  PredictionRow,
  'number' | 'status' | 'input' | 'output' | 'excerpt' | 'files' | 'iterates'
>

async function readOne(db: Kysely<unknown>, row: SettledRow): Promise<void> {
  const prediction = {
    input: readJson(row.input),
    output: row.output === null ? null : readJson(row.output),
    excerpt: row.excerpt === null ? null : readJson(row.excerpt),
    files: readJson(row.files),
    iterates: row.iterates === 1,
  }
  const words = indexedWords(row.number, prediction)
  await sql`insert into texts (rowid, words) values (${row.number}, ${words})`.execute(db)
  const snippet = snippetOf(prediction)
  if (snippet !== null)
    await sql`update predictions set snippet = ${snippet} where number = ${row.number}`.execute(db)
}
