import type { Deps } from '../../deps.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import { pageJson, pageLength } from './paging.ts'
import { invalid, sendProblem } from './problem.ts'
import { type ApiContext, sendJson } from './route.ts'

/** How a list that is at hand is sent page by page. */
export interface Listing<T> {
  /** What tells an item from all others, and stays as it is between two pages. */
  keyOf(item: T): string
  /** The items of one page as JSON. */
  json(items: readonly T[]): readonly JsonObject[] | Promise<readonly JsonObject[]>
}

/** One page of a list that is at hand. A cursor is the key of the last item of the page before. */
export async function sendListed<T>(
  c: ApiContext,
  deps: Deps,
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
