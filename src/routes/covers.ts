import { Hono } from 'hono'
import { coverPattern } from '../domain/model/cover-pattern.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'

/** The covers of models that bring none. */
export function coverRoutes() {
  return new Hono().get('/:owner/:name/cover', (c) => {
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    if (!ref) return c.notFound()
    c.header('Content-Type', 'image/svg+xml')
    c.header('Cache-Control', 'private, max-age=3600')
    return c.body(coverPattern(modelName(ref)))
  })
}
