import { type Kysely, sql } from 'kysely'
import type { PredictionFilter } from '../../store.ts'
import { matchesRest, type Taken, withinTimes } from '../conditions.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import type { Tables } from '../tables.ts'
import { textSource } from '../texts/text-source.ts'
import { fewestOf } from './fewest.ts'
import type { Way } from './parts.ts'
import { rowsOf } from './together.ts'
import type { Batch, Source } from './walk.ts'
import { waysByCondition, waysOf } from './ways.ts'

type Database = Kysely<Tables>

/**
 * The rows of a filter in the order of the list, by the indexes that exclude most of them. `before`: where
 * its page begins.
 */
export async function sourceOf(
  db: Database,
  filter: PredictionFilter,
  before: string | null,
): Promise<Source> {
  const { text, favouriteOf } = filter
  const few = text === undefined ? null : await fewSearched(db, filter, before)
  if (text !== undefined && few === null) return textSource(db, filter, text)
  if (favouriteOf !== undefined) return favouriteSource(db, filter, favouriteOf)
  const ways = few ?? (await waysOf(db, filter))
  return async (after, size) => {
    const parts = ways.map((way) => selectRows(db, filter, way, after).limit(sql.lit(size)))
    return batchOf(await rowsOf(db, parts), size, parts.length)
  }
}

/**
 * In so few rows words are looked for one by one, sooner than all predictions with the words are read. Those
 * that a viewer may not see are passed over before.
 */
const mostSearched = { ofOwn: 300, ofAll: 1_000 }

/**
 * The parts of indexes with so few rows that words are looked for in each; null when the words come first.
 * A list goes on as it began, which its cursor tells.
 */
async function fewSearched(
  db: Database,
  filter: PredictionFilter,
  before: string | null,
): Promise<readonly Way[] | null> {
  if (before !== null) return parseCursor(before) ? waysOf(db, filter) : null
  const { favouriteOf, createdBy, visible } = filter
  const isOfAll = visible && createdBy === undefined && favouriteOf === undefined
  const most = isOfAll ? mostSearched.ofAll : mostSearched.ofOwn
  if (favouriteOf === undefined) return fewestOf(db, filter, waysByCondition(filter), most)
  const favourites = await selectFavourites(db, favouriteOf).limit(most).execute()
  return favourites.length < most ? [] : null
}

interface Row {
  readonly id: string
  readonly created_at: number
  readonly matches: unknown
}

/** The first rows of all parts. A row may be in several, and match in one of them alone. */
function batchOf(all: readonly Row[], size: number, parts = 1): Batch {
  const rows = parts === 1 ? all : merged(all)
  const candidates = rows.slice(0, size).map(({ id, created_at, matches }) => ({
    id,
    matches: Boolean(matches),
    cursor: formatCursor({ createdAt: created_at, id }),
  }))
  const next = rows.length < size ? null : (candidates.at(-1)?.cursor ?? null)
  return { candidates, next, cost: all.length }
}

function merged(rows: readonly Row[]): readonly Row[] {
  const byId = new Map<string, Row>()
  for (const row of rows) {
    const known = byId.get(row.id)
    if (!known || row.matches) byId.set(row.id, row)
  }
  return [...byId.values()].sort(newestFirst)
}

function newestFirst(a: Row, b: Row): number {
  return b.created_at - a.created_at || (a.id < b.id ? 1 : -1)
}

const times: Taken = ['createdAfter', 'createdBefore']

/** Newest first, within the times of the filter, and after a row: by the end of every index. */
export function selectRows(
  db: Database,
  filter: PredictionFilter,
  { where, taken, rest }: Way,
  after: string | null,
) {
  const query = withinTimes(db.selectFrom('predictions').select(['id', 'created_at']), filter)
    .select(matchesRest(db, { ...filter, ...rest }, [...times, ...taken]))
    .where((eb) => eb.and(where(eb)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
  const cursor = after === null ? null : parseCursor(after)
  if (!cursor) return query
  return query.where(({ eb, refTuple, tuple }) =>
    eb(refTuple('created_at', 'id'), '<', tuple(cursor.createdAt, cursor.id)),
  )
}

function selectFavourites(db: Database, viewer: string) {
  return db
    .selectFrom('favourites')
    .select('favourites.prediction as id')
    .where('favourites.viewer', '=', viewer)
}

function favouriteSource(db: Database, filter: PredictionFilter, viewer: string): Source {
  return async (after, size) => {
    let query = selectFavourites(db, viewer)
      .innerJoin('predictions', 'predictions.id', 'favourites.prediction')
      .select('favourites.created_at')
      .select(matchesRest(db, filter, ['favouriteOf']))
      .orderBy('favourites.created_at', 'desc')
      .orderBy('favourites.prediction', 'desc')
    const cursor = after === null ? null : parseCursor(after)
    if (cursor)
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('favourites.created_at', 'favourites.prediction'),
          '<',
          tuple(cursor.createdAt, cursor.id),
        ),
      )
    return batchOf(await query.limit(sql.lit(size)).execute(), size)
  }
}
