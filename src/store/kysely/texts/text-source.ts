import type { Kysely } from 'kysely'
import { searchedWords } from '../../../domain/prediction/search-words.ts'
import type { PredictionFilter } from '../../store.ts'
import { matchesRest } from '../conditions.ts'
import type { Batch, Source } from '../lists/walk.ts'
import type { Tables } from '../tables.ts'
import { rangeLength, rangeOf, wordIndexOf } from './word-index.ts'

/** Predictions that are accepted at the same time may get numbers in another order. */
const outOfOrder = 1_000

/** The cost of a query besides its rows, in rows. */
const queryCost = 64

/** More ranges are searched at once while few of their predictions match. */
const ranges = { most: 64, factor: 4 }

/** A query that takes longer searches fewer ranges the next time. */
const longMs = 4

/** The settled predictions with all words of a search, the last accepted first, some ranges at a time. */
export function textSource(db: Kysely<Tables>, filter: PredictionFilter, search: string): Source {
  const words = searchedWords(search)
  const index = wordIndexOf(db)
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
      .limit(limit)
      .execute()
  }

  return async (after, size): Promise<Batch> => {
    if (words.length === 0) return { candidates: [], next: null, cost: 0 }
    const below = numberIn(after) ?? (await firstBelow(db, filter.createdBefore))
    const lowest = await lastAbove(db, filter.createdAfter)
    const last = rangeOf(below - 1)
    const first = Math.max(rangeOf(lowest), last - searched + 1)
    const above = Math.max(lowest, first * rangeLength - 1)
    const begun = performance.now()
    const rows = await rowsBetween({ first, last }, above, below, size)
    const isLong = performance.now() - begun > longMs
    const candidates = rows.map(({ id, rowid, matches }) => ({
      id,
      matches: Boolean(matches),
      cursor: String(rowid),
    }))
    const cost = rows.length + queryCost
    if (isLong) searched = Math.max(1, Math.floor(searched / ranges.factor))
    if (rows.length === size) return { candidates, next: candidates.at(-1)?.cursor ?? null, cost }
    if (!isLong) searched = Math.min(ranges.most, searched * ranges.factor)
    return { candidates, next: above > lowest ? String(above + 1) : null, cost }
  }
}

function numberIn(after: string | null): number | null {
  return after !== null && /^\d{1,15}$/.test(after) ? Number(after) : null
}

/** A number above those of all predictions that were created before a moment. */
async function firstBelow(db: Kysely<Tables>, moment = Number.MAX_SAFE_INTEGER): Promise<number> {
  const last = await db
    .selectFrom('predictions')
    .select('number')
    .where('created_at', '<', moment)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (last?.number ?? 0) + outOfOrder
}

/** A number below those of all predictions that were created after a moment. */
async function lastAbove(db: Kysely<Tables>, moment = -1): Promise<number> {
  const first = await db
    .selectFrom('predictions')
    .select('number')
    .where('created_at', '>', moment)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
  return Math.max(0, (first?.number ?? 0) - outOfOrder)
}
