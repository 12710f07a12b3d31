import { type Kysely, sql } from 'kysely'
import type { PredictionFilter } from '../../store.ts'
import { matchesRest } from '../conditions.ts'
import type { Tables } from '../tables.ts'
import type { Batch, Source } from '../walk.ts'
import { textQuery } from './texts.ts'

/** How many predictions one query searches for each row that it may answer with. */
const perRow = 64

/** Predictions that are accepted at the same time may get numbers in another order. */
const outOfOrder = 1_000

/**
 * The settled predictions with all words of a search, the last accepted first. Each batch searches a
 * range of numbers: words that are frequent, but not together, would else take very long.
 */
export function textSource(db: Kysely<Tables>, filter: PredictionFilter, search: string): Source {
  const query = textQuery(search)

  async function rowsBetween(above: number, below: number, limit: number) {
    return db
      .selectFrom('texts')
      .crossJoin('predictions')
      .select(['predictions.id', 'texts.rowid'])
      .select(matchesRest(filter, []))
      .where(sql<boolean>`texts match ${query}`)
      .where('texts.rowid', '<', below)
      .where('texts.rowid', '>', above)
      .whereRef('predictions.number', '=', 'texts.rowid')
      .orderBy('texts.rowid', 'desc')
      .limit(limit)
      .execute()
  }

  return async (after, size): Promise<Batch> => {
    if (query === null) return { candidates: [], next: null }
    const below = numberIn(after) ?? (await firstBelow(db, filter.createdBefore))
    const lowest = await lastAbove(db, filter.createdAfter)
    const above = Math.max(lowest, below - size * perRow - 1)
    const rows = await rowsBetween(above, below, size)
    const candidates = rows.map(({ id, rowid, matches }) => ({
      id,
      matches: Boolean(matches),
      cursor: String(rowid),
    }))
    if (rows.length === size) return { candidates, next: candidates.at(-1)?.cursor ?? null }
    return { candidates, next: above > lowest ? String(above + 1) : null }
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
