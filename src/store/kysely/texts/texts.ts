import { sql, type Transaction } from 'kysely'
import { isSettled, type Prediction } from '../../../domain/prediction/prediction.ts'
import { searchedWords, searchWords } from '../../../domain/prediction/search-words.ts'
import type { Tables } from '../tables.ts'

/** Makes a settled prediction searchable: once, in the transaction that settles it. */
export async function keepWords(trx: Transaction<Tables>, prediction: Prediction): Promise<void> {
  if (!isSettled(prediction)) return
  const words = searchWords(prediction).join(' ')
  if (words === '') return
  await sql`
    insert into texts (rowid, words)
    select number, ${words} from predictions where id = ${prediction.id}`.execute(trx)
}

/** To be called before the row of the prediction is deleted. */
export async function dropWords(trx: Transaction<Tables>, prediction: string): Promise<void> {
  await sql`
    delete from texts
    where rowid = (select number from predictions where id = ${prediction})`.execute(trx)
}

/**
 * The full-text query for a search; null when it has no words. Words are letters and digits alone,
 * so nothing in them is syntax.
 */
export function textQuery(search: string): string | null {
  const words = searchedWords(search)
  return words.length === 0 ? null : words.map((word) => `"${word}"`).join(' ')
}
