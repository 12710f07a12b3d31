import type { Context } from 'hono'
import type { Deps } from '../../../deps.ts'
import { formatJson } from '../../../domain/json/json.ts'
import type { Model } from '../../../domain/model/model.ts'
import { viewerOf } from '../../request/viewer.ts'
import { createApiDeps } from '../api-deps.ts'
import { listedModel } from './listed-models.ts'
import { modelsJson } from './model-json.ts'

/** Writes a model as JSON, as `GET /v1/models/owner/name` answers it. */
export function createModelJson(deps: Deps) {
  const apiDeps = createApiDeps(deps)
  return async (c: Context, model: Model): Promise<string> => {
    c.set('viewer', viewerOf(c, deps))
    const [json] = await modelsJson(c, apiDeps, [listedModel(deps, model.ref, model)])
    return formatJson(json ?? null)
  }
}
