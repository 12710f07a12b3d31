import type { Kysely } from 'kysely'
import type { Status } from '../../domain/prediction/prediction.ts'
import type { PredictionFilter } from '../store.ts'
import { matchesRest, type Taken } from './conditions.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import type { Tables } from './tables.ts'
import type { Batch, Source } from './walk.ts'

type Database = Kysely<Tables>

/** The rows of a filter in the order of the index that excludes most of them. */
export async function sourceOf(db: Database, filter: PredictionFilter): Promise<Source> {
  if (filter.favouriteOf !== undefined) return favouriteSource(db, filter, filter.favouriteOf)
  return (await isRatherOfViewer(db, filter)) ? ofViewer(db, filter) : ofModelAndStatus(db, filter)
}

interface Row {
  readonly id: string
  readonly created_at: number
  readonly matches: unknown
}

function batchOf(rows: readonly Row[], size: number): Batch {
  const candidates = rows.map(({ id, created_at, matches }) => ({
    id,
    matches: Boolean(matches),
    cursor: formatCursor({ createdAt: created_at, id }),
  }))
  const next = rows.length < size ? null : (candidates.at(-1)?.cursor ?? null)
  return { candidates, next, cost: rows.length }
}

const times: Taken = ['createdAfter', 'createdBefore']

/** Newest first, within the times of the filter, and after a row: by the end of every index. */
function selectFrom(db: Database, filter: PredictionFilter, taken: Taken, after: string | null) {
  const { createdAfter, createdBefore } = filter
  let query = db
    .selectFrom('predictions')
    .select(['id', 'created_at'])
    .select(matchesRest(filter, [...times, ...taken]))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
  if (createdAfter !== undefined) query = query.where('created_at', '>', createdAfter)
  if (createdBefore !== undefined) query = query.where('created_at', '<', createdBefore)
  const cursor = after === null ? null : parseCursor(after)
  if (!cursor) return query
  return query.where(({ eb, refTuple, tuple }) =>
    eb(refTuple('created_at', 'id'), '<', tuple(cursor.createdAt, cursor.id)),
  )
}

function ofViewer(db: Database, filter: PredictionFilter): Source {
  const { createdBy = '' } = filter
  return async (after, size) => {
    const query = selectFrom(db, filter, ['createdBy'], after).where('created_by', '=', createdBy)
    return batchOf(await query.limit(size).execute(), size)
  }
}

/** Several statuses are several parts of an index, each in the order of the list. */
function ofModelAndStatus(db: Database, filter: PredictionFilter): Source {
  const { model, statuses = [undefined] } = filter

  function rowsOf(status: Status | undefined, after: string | null, size: number) {
    let query = selectFrom(db, filter, ['model', 'statuses'], after)
    if (model)
      query = query.where('model_owner', '=', model.owner).where('model_name', '=', model.name)
    if (status) query = query.where('status', '=', status)
    return query.limit(size).execute()
  }

  return async (after, size) => {
    const parts: Row[] = []
    for (const status of statuses) parts.push(...(await rowsOf(status, after, size)))
    if (statuses.length > 1) parts.sort(newestFirst)
    return batchOf(parts.slice(0, size), size)
  }
}

function newestFirst(a: Row, b: Row): number {
  return b.created_at - a.created_at || (a.id < b.id ? 1 : -1)
}

function favouriteSource(db: Database, filter: PredictionFilter, viewer: string): Source {
  return async (after, size) => {
    let query = db
      .selectFrom('favourites')
      .innerJoin('predictions', 'predictions.id', 'favourites.prediction')
      .select(['favourites.prediction as id', 'favourites.created_at'])
      .select(matchesRest(filter, ['favouriteOf']))
      .where('favourites.viewer', '=', viewer)
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
    return batchOf(await query.limit(size).execute(), size)
  }
}

/** Rows are counted up to this number, to choose the index with fewer. */
const mostCounted = 2_000

/** Whether the predictions of the viewer are fewer than those of the model and status. */
async function isRatherOfViewer(db: Database, filter: PredictionFilter): Promise<boolean> {
  const { createdBy, model, statuses } = filter
  if (createdBy === undefined) return false
  if (!model && !statuses) return true
  const ofTheViewer = db.selectFrom('predictions').select('id').where('created_by', '=', createdBy)
  const own = await ofTheViewer.limit(mostCounted).execute()
  return own.length < mostCounted || !model
}
