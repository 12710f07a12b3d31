import type { Json, JsonObject } from '../../domain/json/json.ts'
import { originOf } from '../request/page.tsx'
import type { ApiDeps } from './api-deps.ts'
import { invalid, sendProblem } from './problem.ts'
import { type ApiContext, sendJson } from './route.ts'

/** Items on one page of a list. */
export const pageLength = 100

/** One page of a list. `next` is the cursor of the next page, whose URL keeps the rest of the query. */
export function pageJson(
  c: ApiContext,
  deps: ApiDeps,
  results: readonly Json[],
  next: string | null,
): JsonObject {
  if (next === null) return { next: null, previous: null, results }
  const query = new URLSearchParams({ ...c.req.query(), cursor: next })
  const address = `${originOf(c, deps)}${deps.paths.base}${c.req.path}?${query}`
  return { next: address, previous: null, results }
}

/** How a list in memory is sent page by page. */
export interface Listing<T> {
  /** Identifies an item from one page to the next. */
  keyOf(item: T): string
  /** The items of one page as JSON. */
  json(items: readonly T[]): readonly JsonObject[] | Promise<readonly JsonObject[]>
}

/** Sends a page of a list in memory. The cursor is the key of the last item on the page before. */
export async function sendListed<T>(
  c: ApiContext,
  deps: ApiDeps,
  items: readonly T[],
  { keyOf, json }: Listing<T>,
): Promise<Response> {
  const cursor = c.req.query('cursor')
  const before = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString()
  const start = before === null ? 0 : items.findIndex((item) => keyOf(item) === before) + 1
  if (before !== null && start === 0) {
    const description = 'The list has changed. Start again from the first page.'
    return sendProblem(c, invalid([{ type: 'invalid', field: 'cursor', description }]))
  }
  const shown = items.slice(start, start + pageLength)
  const last = items.length > start + pageLength ? shown.at(-1) : undefined
  const next = last === undefined ? null : Buffer.from(keyOf(last)).toString('base64url')
  return sendJson(c, pageJson(c, deps, await json(shown), next))
}
