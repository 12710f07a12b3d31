import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'

/** The owner, name and version in a path: `owner/name`, or `owner/name:VERSION`. */
export function inPath(c: Context) {
  const [name, version] = c.req.param('name')?.split(/:(.*)/s) ?? []
  return { ref: parseModelRef(`${c.req.param('owner')}/${name}`), version }
}

/** The model in a path; of the version in its path or query, where that can be run. Null where the viewer may not use it. */
export function findModel(c: Context, deps: Deps): Promise<Model | null> {
  const { ref, version } = inPath(c)
  const models = usableModels(deps, viewerOf(c, deps))
  return ref ? models.findSoon(ref, version ?? c.req.query('version')) : Promise.resolve(null)
}
