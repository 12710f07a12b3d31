import type { Kysely } from 'kysely'
import { type Listed, selectListed } from './listed-kysely.ts'
import type { PredictionFilter } from './store.ts'
import type { Tables } from './tables.ts'

/** One page of predictions, by the time and id of the last of the page before: never by counting. */
export async function findPage(
  db: Kysely<Tables>,
  listed: Listed,
  filter: PredictionFilter,
  limit: number,
  before: string | null,
) {
  let query = selectListed(db.selectFrom('predictions'))
  if (filter.model)
    query = query
      .where('model_owner', '=', filter.model.owner)
      .where('model_name', '=', filter.model.name)
  if (filter.statuses) query = query.where('status', 'in', filter.statuses)
  if (filter.createdBy) query = query.where('created_by', '=', filter.createdBy)
  if (filter.source) query = query.where('source', '=', filter.source)
  if (filter.createdAfter !== undefined) query = query.where('created_at', '>', filter.createdAfter)
  if (filter.createdBefore !== undefined)
    query = query.where('created_at', '<', filter.createdBefore)
  const cursor = before === null ? null : parseCursor(before)
  if (cursor)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '<', tuple(cursor.createdAt, cursor.id)),
    )
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const last = rows[limit - 1]
  const next = rows.length > limit && last ? cursorAfter(last.created_at, last.id) : null
  return { predictions: await listed(rows.slice(0, limit)), next }
}

/** Where the page after a row begins. */
export function cursorAfter(createdAt: number, id: string): string {
  return `${createdAt}-${id}`
}

export function parseCursor(text: string) {
  const [createdAt, id] = text.split('-')
  return createdAt && id && /^\d+$/.test(createdAt) ? { createdAt: Number(createdAt), id } : null
}
