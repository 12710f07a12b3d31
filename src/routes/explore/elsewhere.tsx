import { Hono } from 'hono'
import { Elsewhere, ElsewherePage } from '../../../views/explore/elsewhere.tsx'
import type { Deps } from '../../deps.ts'
import { fragment, isPartial, page } from '../request/page.tsx'

/** The search for models at the service of a provider, apart from the search here: it may take a while. */
export function elsewhereRoutes(deps: Deps) {
  return new Hono().get('/search', async (c) => {
    const q = c.req.query('q')?.trim() ?? ''
    const provider = searchable(deps)
    if (!provider?.search || q === '') return c.notFound()
    const found = await provider.search(q)
    return isPartial(c)
      ? fragment(c, deps, <Elsewhere {...found} />)
      : page(c, deps, <ElsewherePage q={q} {...found} />)
  })
}

/** The provider whose service can be searched. */
export function searchable({ providers }: Pick<Deps, 'providers'>) {
  return providers.find(({ search }) => search !== undefined)
}
