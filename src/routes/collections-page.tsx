import { Hono } from 'hono'
import { HomePage } from '../../views/pages/home-page.tsx'
import type { Deps } from '../deps.ts'
import { StillReading } from '../domain/unavailable.ts'
import { currentWarmth } from './models.tsx'
import { page } from './request/page.tsx'

/** The models of one owner. */
export function collectionPageRoutes(deps: Deps) {
  return new Hono().get('/collections/:slug', async (c) => {
    const slug = c.req.param('slug')
    const models = (await deps.runner.models()).filter(({ ref }) => ref.owner === slug)
    const reading = deps.runner.modelsReading()
    if (models.length === 0 && reading > 0) throw new StillReading(reading)
    if (models.length === 0) return c.notFound()
    const shown = models.map((model) => ({ model, warmth: currentWarmth(deps, model) }))
    const props = { models: shown, reading, query: '', collection: slug, owners: [] }
    return page(c, deps, <HomePage {...props} />)
  })
}
