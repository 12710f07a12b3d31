import type { Deps } from '../../deps.ts'
import type { Json, JsonObject } from '../../domain/json/json.ts'
import { originOf } from '../request/page.tsx'
import type { ApiContext } from './route.ts'

/** How many are on one page of a list. */
export const pageLength = 100

/**
 * One page of a list. `next` is where the next begins, as this list's `cursor` takes it; null at
 * the end. Its address keeps the rest of the query.
 */
export function pageJson(
  c: ApiContext,
  deps: Deps,
  results: readonly Json[],
  next: string | null,
): JsonObject {
  if (next === null) return { next: null, previous: null, results }
  const query = new URLSearchParams({ ...c.req.query(), cursor: next })
  const address = `${originOf(c, deps)}${deps.paths.base}${c.req.path}?${query}`
  return { next: address, previous: null, results }
}
