import { type Context, Hono } from 'hono'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { mayOperate } from '../../domain/policy.ts'
import { earlierIn, openForm, sameQuery } from '../forms/open-form.ts'
import type { OpeningPages } from '../kept/opening-pages.tsx'
import type { Panels } from '../panels/panels.ts'
import { page, sendKeptPage } from '../request/page.tsx'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { drawResult, drawWorkspace, modelOf } from './drawn-workspace.tsx'
import { findModel, inPath } from './model-in-path.ts'
import { noResult, predictionOf } from './result.ts'

/** The page of a model: its form, and beside it the result that the address names. */
export function workspaceRoutes(deps: Deps, panels: Panels, opening: OpeningPages) {
  return new Hono().get('/:owner/:name', async (c) => {
    const { ref, version } = inPath(c)
    const asked = c.req.query('prediction')
    const prediction = ref && asked ? await askedPrediction(c, deps, ref, asked) : null
    if (prediction) {
      const model = await modelOf(c, deps, prediction)
      if (model) {
        ensureViewer(c, deps)
        const shown = { model, prediction, formKey: deps.newId() }
        return page(c, deps, await drawResult(c, deps, panels, shown))
      }
    }
    const model = await findModel(c, deps)
    if (!model) return missingModel(c, deps)
    if (version !== undefined && model.version.id !== version) return c.notFound()
    const viewer = ensureViewer(c, deps)
    const { search } = new URL(c.req.url)
    const isBlank = search === '?blank'
    if (search === '' || isBlank)
      return sendKeptPage(c, deps, await opening.open(c, model, isBlank))
    const { prediction: _, ...queries } = c.req.queries()
    const form = await openForm(c, deps, model, viewer, queries)
    const query = sameQuery(model.version.schema, form, queries)
    const result = asked === undefined ? noResult : ({ kind: 'missing' } as const)
    const madeFor = await earlierIn(deps, viewer, queries)
    const shown = { model, form, query, result, formKey: deps.newId(), madeFor }
    return page(c, deps, await drawWorkspace(c, deps, shown))
  })
}

/** The prediction in the query; null when it is of another version than the one in the address. */
async function askedPrediction(c: Context, deps: Deps, ref: ModelRef, id: string) {
  const prediction = await predictionOf(c, deps, ref, id)
  const version = inPath(c).version ?? c.req.query('version')
  return version === undefined || prediction?.version === version ? prediction : null
}

/** Says how a model that is not here could come to be. */
function missingModel(c: Context, deps: Deps) {
  const { ref } = inPath(c)
  if (ref && deps.records.find(ref) && mayOperate(viewerOf(c, deps))) {
    const name = modelName(ref)
    const text = `${name} has no version to run. Add one with POST /v1/models/${name}/versions.`
    return page(c, deps, <MessagePage title='This model has no version yet' text={text} />)
  }
  if (!ref || deps.config.replicate.token !== null) return c.notFound()
  const text =
    'There is no model with this name. To use models at Replicate, the operator must set REPLICATE_API_TOKEN.'
  return page(c, deps, <MessagePage title='Page not found' text={text} />, 404)
}
