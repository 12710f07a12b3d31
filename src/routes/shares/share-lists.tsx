import { type Context, Hono } from 'hono'
import { AllSharesPage, OwnSharesPage } from '../../../views/shares/shares-page.tsx'
import type { Deps } from '../../deps.ts'
import type { ListedShare } from '../../domain/people/share.ts'
import { operatorsOnly } from '../request/operators.tsx'
import { page } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'

const pageLength = 50

/** The lists of share links: one’s own, and all for operators. */
export function shareListRoutes(deps: Deps) {
  const { paths } = deps
  return new Hono()
    .get('/account/shares', async (c) => {
      const { id } = viewerOf(c, deps)
      const own = id === '' ? { shares: [], next: null } : await read(c, deps, { createdBy: id })
      return page(c, deps, <OwnSharesPage {...own} next={older(paths.accountShares(), own.next)} />)
    })
    .get('/settings/shares', operatorsOnly(deps), async (c) => {
      const all = await read(c, deps, {})
      return page(
        c,
        deps,
        <AllSharesPage
          shares={await withMakers(deps, all.shares)}
          next={older(paths.shareSettings(), all.next)}
          rule={deps.config.shares}
        />,
      )
    })
}

function read(c: Context, deps: Deps, filter: { readonly createdBy?: string }) {
  const before = c.req.query('before') ?? null
  return deps.store.shares({ ...filter, now: deps.now() }, pageLength, before)
}

function older(path: string, next: string | null): string | null {
  return next === null ? null : `${path}?${new URLSearchParams({ before: next })}`
}

/** The same with the handles of who made them; accounts of machines and browsers as they are. */
async function withMakers({ store }: Deps, shares: readonly ListedShare[]) {
  const people = await store.peopleAmong([...new Set(shares.map(({ createdBy }) => createdBy))])
  const handles = new Map(people.map(({ id, handle }) => [id, handle]))
  return shares.map((share) => ({
    ...share,
    maker: handles.get(share.createdBy) ?? (share.createdBy || 'unknown'),
  }))
}
