import type { Makes } from '../../src/domain/model/makes.ts'
import type { Order } from '../../src/domain/model/order.ts'
import type { Paths } from '../../src/paths.ts'

/** Which models the list shows. */
export interface ExploreQuery {
  /** The search; empty for all. */
  readonly q: string
  /** Null for the usual order. */
  readonly sort: Order | null
  readonly makes: Makes | null
  /** From 1. */
  readonly page: number
}

/** The address of the list with some of its query changed; changes begin at the first page. */
export function exploreHref(
  paths: Paths,
  query: ExploreQuery,
  changes: Partial<ExploreQuery> = {},
): string {
  const { q, sort, makes, page } = { ...query, page: 1, ...changes }
  const parameters = new URLSearchParams()
  if (q !== '') parameters.set('q', q)
  if (sort !== null) parameters.set('sort', sort)
  if (makes !== null) parameters.set('makes', makes)
  if (page > 1) parameters.set('page', String(page))
  return parameters.size === 0 ? paths.home() : `${paths.home()}?${parameters}`
}

/** Whether it is the front page: all models, from the first. */
export function isFront({ q, sort, makes, page }: ExploreQuery): boolean {
  return q === '' && sort === null && makes === null && page === 1
}
