import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { listedFiles, summaryOf } from '../../domain/prediction/summary.ts'
import { readJson, writeJson } from './json-text.ts'
import { type ListedRow, readSummary, summaryColumns } from './prediction-rows.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

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
