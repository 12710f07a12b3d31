import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { StoredFile } from '../domain/file/file.ts'
import { formatJson, type Json, type JsonObject, parseJson } from '../domain/json/json.ts'
import type { PredictionSummary } from '../domain/prediction/page.ts'
import { listedFiles, summaryOf } from '../domain/prediction/summary.ts'
import { type ListedRow, summaryColumns, summaryFromRow } from './rows.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

export type Listed = ReturnType<typeof createListed>

/** Reads predictions for lists. Rows that were written before there were summaries get theirs then. */
export function createListed(db: Kysely<Tables>, write: Write) {
  /** What a list shows of such a row: worked out once, and kept. */
  async function completed(row: ListedRow): Promise<ListedRow> {
    if (row.summary !== null) return row
    const whole = await db
      .selectFrom('predictions')
      .select(['input', 'files'])
      .where('id', '=', row.id)
      .executeTakeFirst()
    if (!whole) return row
    const known = {
      input: parseJson(whole.input) as JsonObject,
      files: parseJson(whole.files) as unknown as StoredFile[],
    }
    const made = formatJson(listedFiles(known) as unknown as Json)
    const columns = { summary: summaryOf(known), made }
    // Whoever asks for the list does not wait for that; if it fails, the next list does it again.
    write(async (trx) => {
      await trx
        .updateTable('predictions')
        .set(({ fn, val }) => ({
          summary: columns.summary,
          made: fn.coalesce('made', val(made)),
        }))
        .where('id', '=', row.id)
        .execute()
    }).catch(() => {})
    return { ...row, ...columns, made: row.made ?? made }
  }

  return async (rows: readonly ListedRow[]): Promise<PredictionSummary[]> => {
    const listed: PredictionSummary[] = []
    for (const row of rows) listed.push(summaryFromRow(await completed(row)))
    return listed
  }
}

/** The columns that a list reads. */
export function selectListed<Made>(query: SelectQueryBuilder<Tables, 'predictions', Made>) {
  return query
    .select(summaryColumns.map((column) => `predictions.${column}` as const))
    .select(sql<number>`predictions.error is not null`.as('erred'))
}
