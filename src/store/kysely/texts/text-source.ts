import { type Kysely, sql } from 'kysely'
import { once } from '../../../domain/once.ts'
import { searchedWords } from '../../../domain/prediction/search-words.ts'
import type { PredictionFilter } from '../../store.ts'
import { matchesRest } from '../conditions.ts'
import { isPostgres } from '../database.ts'
import type { Batch, Source } from '../lists/walk.ts'
import type { Tables } from '../tables.ts'
import { rangeLength, rangeOf, wordIndexOf } from './word-index.ts'

/** Predictions that are accepted at the same time may get numbers in another order. */
const outOfOrder = 1_000

/** The cost of a query besides its rows, in rows. */
const queryCost = 64

/** How many ranges are searched at once, while few of their predictions match. */
interface Ranges {
  readonly most: number
  /** How many times as many at most as before. */
  readonly growth: number
  /** A query that takes longer searches fewer the next time. In milliseconds. */
  readonly longMs: number
}

const inProcess: Ranges = { most: 64, growth: 8, longMs: 4 }
const onServer: Ranges = { most: 256, growth: 16, longMs: 40 }

/** The settled predictions with all words of a search, the last accepted first, some ranges at a time. */
export function textSource(db: Kysely<Tables>, filter: PredictionFilter, search: string): Source {
  const words = searchedWords(search)
  const index = wordIndexOf(db)
  const { most, growth, longMs } = isPostgres(db) ? onServer : inProcess
  const boundsOnce = once(() => boundsOf(db, filter))
  let searched = 1

  async function rowsBetween(
    ranges: { readonly first: number; readonly last: number },
    above: number,
    below: number,
    limit: number,
  ) {
    return db
      .selectFrom('texts')
      .crossJoin('predictions')
      .select(['predictions.id', 'texts.rowid'])
      .select(matchesRest(db, filter, ['text']))
      .where(index.matches(words, ranges.first, ranges.last))
      .where('texts.rowid', '<', below)
      .where('texts.rowid', '>', above)
      .whereRef('predictions.number', '=', 'texts.rowid')
      .orderBy('texts.rowid', 'desc')
      .limit(sql.lit(limit))
      .execute()
  }

  /** As many ranges as have the next rows, if these are as frequent there as among the last ones. */
  function rangesFor(next: number, found: number, among: number): number {
    const needed = found === 0 ? most : Math.ceil((next * among) / found / rangeLength)
    return Math.min(needed, searched * growth, most)
  }

  return async (after, size): Promise<Batch> => {
    if (words.length === 0) return { candidates: [], next: null, cost: 0 }
    const bounds = await boundsOnce()
    const below = numberIn(after) ?? bounds.below
    const last = rangeOf(below - 1)
    const first = Math.max(rangeOf(bounds.above), last - searched + 1)
    const above = Math.max(bounds.above, first * rangeLength - 1)
    const begun = performance.now()
    const rows = await rowsBetween({ first, last }, above, below, size)
    const isLong = performance.now() - begun > longMs
    const candidates = rows.map(({ id, rowid, matches }) => ({
      id,
      matches: Boolean(matches),
      cursor: String(rowid),
    }))
    const cost = rows.length + queryCost
    if (isLong) searched = Math.max(1, Math.floor(searched / growth))
    if (rows.length === size) return { candidates, next: candidates.at(-1)?.cursor ?? null, cost }
    if (!isLong) searched = rangesFor(size, rows.length, below - above)
    return { candidates, next: above > bounds.above ? String(above + 1) : null, cost }
  }
}

function numberIn(after: string | null): number | null {
  return after !== null && /^\d{1,15}$/.test(after) ? Number(after) : null
}

/** A number below and one above those of all predictions within the times of a filter. */
async function boundsOf(db: Kysely<Tables>, filter: PredictionFilter) {
  const { createdAfter = -1, createdBefore = Number.MAX_SAFE_INTEGER } = filter
  const numbers = db.selectFrom('predictions').select('number').limit(sql.lit(1))
  const first = numbers.where('created_at', '>', createdAfter).orderBy('created_at')
  const last = numbers.where('created_at', '<', createdBefore).orderBy('created_at', 'desc')
  const found = await db.selectNoFrom([first.as('first'), last.as('last')]).executeTakeFirst()
  return {
    above: Math.max(0, (found?.first ?? 0) - outOfOrder),
    below: (found?.last ?? 0) + outOfOrder,
  }
}
