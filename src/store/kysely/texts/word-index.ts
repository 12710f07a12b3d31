import { type RawBuilder, sql } from 'kysely'
import { isPostgres } from '../database.ts'
import type { Place } from '../statement.ts'

/**
 * How many predictions one range has. Each word is indexed with the number of its range before it: a
 * database reads all entries of a word, so no word may have as many as there are predictions.
 */
export const rangeLength = 8_192

export function rangeOf(number: number): number {
  return Math.floor(number / rangeLength)
}

/** The index of the words of settled predictions, as a database has it. */
export interface WordIndex {
  /** The value of `words` in `insert`. */
  wordsOf(words: readonly string[]): unknown
  /**
   * Keeps the `words` of a prediction under its `number`, which only the database knows: that of the row of `id`, or
   * the one in `from`.
   */
  insert(value: Place, from?: RawBuilder<unknown>): RawBuilder<unknown>
  /** Whether a row of `texts` within ranges, both included, has all of these words. */
  matches(words: readonly string[], first: number, last: number): RawBuilder<boolean>
  /** Whether a row of `texts` has all of these words, as a condition on that of its prediction. */
  has(words: readonly string[]): RawBuilder<boolean>
}

export function wordIndexOf(db: Parameters<typeof isPostgres>[0]): WordIndex {
  return isPostgres(db) ? arrays : fullText
}

const rangeOfRow = (number: RawBuilder<unknown>) => sql`${number} / ${sql.lit(rangeLength)}`

const rowOf = (value: Place) => sql`predictions where id = ${value('id')}`

/** The ranges from the last to the first. */
function rangesOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => last - at)
}

/** SQLite’s FTS5, which reduces words to their stem itself. A number as a parameter would be no integer. */
const fullText: WordIndex = {
  wordsOf: (words) => ` ${words.join(' ')}`,
  insert: (value, from = rowOf(value)) => sql`
    insert into texts (rowid, words)
    select number, replace(${value('words')}, ' ', ' ' || (${rangeOfRow(sql`number`)}) || 'x')
    from ${from}`,
  // Words are letters and digits alone, so nothing in them is syntax.
  matches(words, first, last) {
    const inOne = (range: number) =>
      `(${words.map((word) => `"${inRange(range, word)}"`).join(' AND ')})`
    return sql<boolean>`texts match ${rangesOf(first, last).map(inOne).join(' OR ')}`
  },
  has(words) {
    const range = rangeOfRow(sql`predictions.number`)
    const each = words.map((word) => sql`'"' || (${range}) || 'x' || ${word} || '"'`)
    return sql<boolean>`texts match ${sql.join(each, sql` || ' AND ' || `)}`
  },
}

/** Arrays of stems with a GIN index on PostgreSQL. */
const arrays: WordIndex = {
  wordsOf: (words) => words,
  insert: (value, from = rowOf(value)) => sql`
    insert into texts (rowid, words)
    select number, array(${stems(rangeOfRow(sql`number`), value('words'))})
    from ${from}`,
  matches(words, first, last) {
    const wordsIn = (range: RawBuilder<unknown>) => sql`array(${stems(range, sql`${words}`)})`
    // Frequent words are found sooner by looking through the rows of a range in their order.
    if (first === last) return sql<boolean>`texts.words @> ${wordsIn(sql`${first}::bigint`)}`
    // The planner does not know that few rows have the others, and would look through all rows.
    return sql<boolean>`texts.rowid = any(array(
      select found.rowid from generate_series(${first}::bigint, ${last}::bigint) as range
      cross join lateral (select ${wordsIn(sql`range`)} as words offset 0) as asked
      cross join lateral (
        select one.rowid from texts as one where one.words @> asked.words offset 0
      ) as found))`
  },
  has: (words) =>
    sql<boolean>`texts.words @> array(${stems(rangeOfRow(sql`predictions.number`), sql`${words}`)})`,
}

/** A word that the dictionary takes for one of the most frequent has no stem: it stays as it is. */
function stems(range: RawBuilder<unknown>, words: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select (${range}) || 'x' || coalesce((ts_lexize('english_stem', word))[1], word)
    from unnest(${words}::text[]) as word`
}

export function inRange(range: number, word: string): string {
  return `${range}x${word}`
}
