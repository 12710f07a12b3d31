import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { isSettled, type Prediction } from '../../../domain/prediction/prediction.ts'
import { searchedWords, searchWords } from '../../../domain/prediction/search-words.ts'
import { createStatement } from '../statement.ts'
import type { Tables } from '../tables.ts'

/**
 * How many predictions one query searches. Each word is indexed with the number of its range before
 * it: SQLite reads all entries of a word, so no word may have as many as there are predictions.
 */
export const rangeLength = 8_192

export function rangeOf(number: number): number {
  return Math.floor(number / rangeLength)
}

/** Makes a settled prediction searchable: once, in the transaction that settles it. */
export function createWordKeeping(db: Kysely<Tables>) {
  // One statement, as only the database knows the number. A parameter would be no integer.
  const insert = createStatement(
    db,
    (_names, value) => sql`
      insert into texts (rowid, words)
      select number, replace(${value('words')}, ' ', ' ' || (number / ${sql.lit(rangeLength)}) || 'x')
      from predictions where id = ${value('id')}`,
  )

  return async (trx: Transaction<Tables>, prediction: Prediction): Promise<void> => {
    if (!isSettled(prediction)) return
    const words = searchWords(prediction)
    if (words.length > 0) await insert(trx, { id: prediction.id, words: ` ${words.join(' ')}` })
  }
}

/** The words of a prediction as the index takes them. */
export function indexedWords(
  number: number,
  prediction: Parameters<typeof searchWords>[0],
): string {
  return searchWords(prediction)
    .map((word) => inRange(rangeOf(number), word))
    .join(' ')
}

function inRange(range: number, word: string): string {
  return `${range}x${word}`
}

/** To be called before the row of the prediction is deleted. */
export async function dropWords(trx: Transaction<Tables>, prediction: string): Promise<void> {
  await sql`
    delete from texts
    where rowid = (select number from predictions where id = ${prediction})`.execute(trx)
}

/** Makes the full-text query of ranges, both included, for a search; null when it has no words. */
export function textQuery(search: string): ((first: number, last: number) => string) | null {
  const words = searchedWords(search)
  if (words.length === 0) return null
  // Words are letters and digits alone, so nothing in them is syntax.
  const inOne = (range: number) =>
    `(${words.map((word) => `"${inRange(range, word)}"`).join(' AND ')})`
  return (first, last) =>
    Array.from({ length: last - first + 1 }, (_, at) => inOne(last - at)).join(' OR ')
}

/** Whether a prediction has all words of a search, as a condition on its row. */
export function hasWords(search: string): RawBuilder<boolean> {
  const words = searchedWords(search)
  if (words.length === 0) return sql`false`
  const range = sql`predictions.number / ${sql.lit(rangeLength)}`
  const each = words.map((word) => sql`'"' || ${range} || 'x' || ${word} || '"'`)
  return sql`exists (
    select 1 from texts
    where texts match ${sql.join(each, sql` || ' AND ' || `)} and texts.rowid = predictions.number)`
}
