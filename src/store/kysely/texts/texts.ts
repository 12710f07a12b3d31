import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { isSettled, type Prediction } from '../../../domain/prediction/prediction.ts'
import { searchedWords, searchWords } from '../../../domain/prediction/search-words.ts'
import { createStatement } from '../statement.ts'
import type { Tables } from '../tables.ts'
import { inRange, rangeOf, wordIndexOf } from './word-index.ts'

/** Makes a settled prediction searchable: once, in the transaction that settles it. */
export function createWordKeeping(db: Kysely<Tables>) {
  const insert = createStatement(db, (_names, value) => wordIndexOf(db).insert(value))

  return async (trx: Transaction<Tables>, prediction: Prediction): Promise<void> => {
    const words = wordsOf(db, prediction)
    if (words !== null) await insert(trx, { words, id: prediction.id })
  }
}

/** The words of a prediction as the index takes them; null when it is not settled, or has none. */
export function wordsOf(db: Kysely<Tables>, prediction: Prediction): unknown {
  const words = isSettled(prediction) ? searchWords(prediction) : []
  return words.length > 0 ? wordIndexOf(db).wordsOf(words) : null
}

/** The words of a prediction as SQLite’s index takes them. */
export function indexedWords(
  number: number,
  prediction: Parameters<typeof searchWords>[0],
): string {
  return searchWords(prediction)
    .map((word) => inRange(rangeOf(number), word))
    .join(' ')
}

/** To be called before the row of the prediction is deleted. */
export async function dropWords(trx: Transaction<Tables>, prediction: string): Promise<void> {
  await sql`
    delete from texts
    where rowid = (select number from predictions where id = ${prediction})`.execute(trx)
}

/** Whether a prediction has all words of a search, as a condition on its row. */
export function hasWords(
  db: Parameters<typeof wordIndexOf>[0],
  search: string,
): RawBuilder<boolean> {
  const words = searchedWords(search)
  if (words.length === 0) return sql`false`
  return sql`exists (
    select 1 from texts
    where ${wordIndexOf(db).has(words)} and texts.rowid = predictions.number)`
}
