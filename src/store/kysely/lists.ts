import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { listedFiles, summaryOf } from '../../domain/prediction/summary.ts'
import type { Store } from '../store.ts'
import { parseCursor } from './cursor.ts'
import { isPostgres } from './database.ts'
import { sourceOf } from './lists/sources.ts'
import { inProcess, onServer, walk } from './lists/walk.ts'
import {
  readJson,
  readSummary,
  type SummaryRow,
  summaryColumns,
  writeJson,
} from './prediction-rows.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

type ListStore = Pick<Store, 'page' | 'lastRuns' | 'childrenOf' | 'childrenAmong' | 'examplesOf'>

const mostExamples = 50
/** The number of runs that fit beside each other under a form. */
const mostLastRuns = 6

/** Lists of predictions. */
export function createListStore(db: Kysely<Tables>, write: Write): ListStore {
  const readSummaries = createSummaryReader(db, write)
  const pace = isPostgres(db) ? onServer : inProcess
  const selectChildren = (prediction: string) =>
    selectSummaries(db.selectFrom('predictions'))
      .where('parent', '=', prediction)
      .orderBy('created_at')
      .orderBy('id')

  async function summariesOf(ids: readonly string[]): Promise<PredictionSummary[]> {
    if (ids.length === 0) return []
    const rows = await selectSummaries(db.selectFrom('predictions'))
      .where('id', 'in', ids)
      .execute()
    const byId = new Map(rows.map((row) => [row.id, row]))
    return readSummaries(ids.flatMap((id) => byId.get(id) ?? []))
  }

  return {
    async page(filter, limit, before) {
      const source = await sourceOf(db, filter, before)
      const { found, next, isCut } = await walk(source, limit, before, pace)
      return {
        predictions: await summariesOf(found.map(({ id }) => id)),
        next,
        searchedBackTo: isCut && next !== null ? await momentAt(db, next) : null,
      }
    },

    async childrenAmong(predictions, most) {
      const parents = await db
        .selectFrom('predictions as parents')
        .select('parents.id')
        .where('parents.id', 'in', predictions)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('predictions as children')
              .select('children.id')
              .whereRef('children.parent', '=', 'parents.id'),
          ),
        )
        .execute()
      const children = new Map<string, readonly PredictionSummary[]>()
      for (const { id } of parents)
        children.set(id, await readSummaries(await selectChildren(id).limit(most).execute()))
      return children
    },

    async lastRuns(model, viewer) {
      return readSummaries(await selectOwnRuns(db, model, viewer, mostLastRuns).execute())
    },

    childrenOf: async (prediction) => readSummaries(await selectChildren(prediction).execute()),

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

/** The moment back to which a page looked: that of the first row from where the next one goes on. */
async function momentAt(db: Kysely<Tables>, cursor: string): Promise<number> {
  const moment = parseCursor(cursor)
  if (moment) return moment.createdAt
  const row = await db
    .selectFrom('predictions')
    .select('created_at')
    .where('number', '>=', Number(cursor))
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
  return row?.created_at ?? 0
}

/** Reads rows of lists. Rows that were written before there were summaries get theirs then. */
export function createSummaryReader(db: Kysely<Tables>, write: Write) {
  /** The row with its summary, which is saved too. */
  async function completed(row: SummaryRow): Promise<SummaryRow> {
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

  return async (rows: readonly SummaryRow[]): Promise<PredictionSummary[]> => {
    const summaries: PredictionSummary[] = []
    for (const row of rows) summaries.push(readSummary(await completed(row)))
    return summaries
  }
}

/** The last predictions of a model that a viewer made, newest first. */
export function selectOwnRuns(db: Kysely<Tables>, model: ModelRef, viewer: string, limit: number) {
  return selectSummaries(db.selectFrom('predictions'))
    .where('created_by', '=', viewer)
    .where('model_owner', '=', model.owner)
    .where('model_name', '=', model.name)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
}

/** Selects the columns that lists read. */
export function selectSummaries<Made>(query: SelectQueryBuilder<Tables, 'predictions', Made>) {
  return query.select(summaryColumns.map((column) => `predictions.${column}` as const))
}
