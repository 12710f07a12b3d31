import { type Context, Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { coverPattern } from '../domain/model/cover-pattern.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'
import { madeFiles } from '../domain/prediction/summary.ts'
import { usableModels } from './request/usable-models.ts'
import { viewerOf } from './request/viewer.ts'
import { createFindExample } from './workspace/example.ts'

/** How long a browser keeps a cover, in seconds. */
const keptSeconds = 600

/** The covers of models that bring none: a picture that their example made, else a pattern. */
export function coverRoutes(deps: Deps) {
  const findExample = createFindExample(deps)

  async function examplePicture(c: Context, name: string) {
    const ref = parseModelRef(name)
    const model = ref && (await usableModels(deps, viewerOf(c, deps)).findSoon(ref))
    const example = model && (await findExample(model))
    const picture = example && madeFiles(example).find(({ type }) => type.startsWith('image/'))
    return picture ? deps.thumbnails.of(picture) : null
  }

  return new Hono().get('/:owner/:name/cover', async (c) => {
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    if (!ref) return c.notFound()
    c.header('Cache-Control', `private, max-age=${keptSeconds}`)
    const picture = await examplePicture(c, modelName(ref)).catch(() => null)
    c.header('Content-Type', picture ? 'image/jpeg' : 'image/svg+xml')
    return c.body(picture ?? coverPattern(modelName(ref)))
  })
}
