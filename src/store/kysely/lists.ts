import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { listedFiles, summaryOf } from '../../domain/prediction/summary.ts'
import type { PredictionFilter, Store } from '../store.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import {
  type ListedRow,
  readJson,
  readSummary,
  summaryColumns,
  writeJson,
} from './prediction-rows.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

type ListStore = Pick<Store, 'page' | 'childrenOf' | 'examplesOf'>

const mostExamples = 50

/** Lists of predictions. */
export function createListStore(db: Kysely<Tables>, write: Write): ListStore {
  const readSummaries = createSummaryReader(db, write)

  return {
    async page(filter, limit, before) {
      const rows = await selectPage(db, filter, before)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? formatCursor({ createdAt: last.created_at, id: last.id }) : null
      return { predictions: await readSummaries(rows.slice(0, limit)), next }
    },

    async childrenOf(prediction) {
      const rows = await selectSummaries(db.selectFrom('predictions'))
        .where('parent', '=', prediction)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return readSummaries(rows)
    },

    async examplesOf(model) {
      const rows = await selectSummaries(db.selectFrom('predictions'))
        .innerJoin('examples', 'examples.prediction', 'predictions.id')
        .where('examples.model_owner', '=', model.owner)
        .where('examples.model_name', '=', model.name)
        .orderBy('examples.created_at')
        .limit(mostExamples)
        .execute()
      return readSummaries(rows)
    },
  }
}

/** Pages begin after the last row of the page before (keyset pagination), so no query counts rows. */
function selectPage(db: Kysely<Tables>, filter: PredictionFilter, before: string | null) {
  const { model, statuses, createdBy, source, createdAfter, createdBefore } = filter
  let query = selectSummaries(db.selectFrom('predictions'))
  if (model)
    query = query.where('model_owner', '=', model.owner).where('model_name', '=', model.name)
  if (statuses) query = query.where('status', 'in', statuses)
  if (createdBy) query = query.where('created_by', '=', createdBy)
  if (source) query = query.where('source', '=', source)
  if (createdAfter !== undefined) query = query.where('created_at', '>', createdAfter)
  if (createdBefore !== undefined) query = query.where('created_at', '<', createdBefore)
  const cursor = before === null ? null : parseCursor(before)
  if (!cursor) return query
  return query.where(({ eb, refTuple, tuple }) =>
    eb(refTuple('created_at', 'id'), '<', tuple(cursor.createdAt, cursor.id)),
  )
}

/** Reads rows of lists. Rows that were written before there were summaries get theirs then. */
export function createSummaryReader(db: Kysely<Tables>, write: Write) {
  /** The row with its summary, which is saved too. */
  async function completed(row: ListedRow): Promise<ListedRow> {
    if (row.summary !== null) return row
    const whole = await db
      .selectFrom('predictions')
      .select(['input', 'files'])
      .where('id', '=', row.id)
      .executeTakeFirst()
    if (!whole) return row
    const prediction = { input: readJson(whole.input), files: readJson(whole.files) }
    const summary = summaryOf(prediction)
    const made = writeJson(listedFiles(prediction))
    // The list does not wait for this write. If it fails, the next list tries again.
    write(async (trx) => {
      await trx
        .updateTable('predictions')
        .set(({ fn, val }) => ({ summary, made: fn.coalesce('made', val(made)) }))
        .where('id', '=', row.id)
        .execute()
    }).catch(() => {})
    return { ...row, summary, made: row.made ?? made }
  }

  return async (rows: readonly ListedRow[]): Promise<PredictionSummary[]> => {
    const summaries: PredictionSummary[] = []
    for (const row of rows) summaries.push(readSummary(await completed(row)))
    return summaries
  }
}

/** Selects the columns that lists read. */
export function selectSummaries<Made>(query: SelectQueryBuilder<Tables, 'predictions', Made>) {
  return query
    .select(summaryColumns.map((column) => `predictions.${column}` as const))
    .select(sql<number | boolean>`predictions.error is not null`.as('erred'))
}
