import { type Context, Hono } from 'hono'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import { WorkspacePage } from '../../../views/pages/workspace-page.tsx'
import type { ShownResult } from '../../../views/workspace/result.tsx'
import type { Deps } from '../../deps.ts'
import { fillForm } from '../../domain/form/form.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { mayOperate } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { BlankPages } from '../forms/blank-pages.tsx'
import { openForm, sameQuery } from '../forms/open-form.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import type { Panels } from '../panels/panels.ts'
import { page, sendKeptPage } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { drawLastRuns } from './last-runs.tsx'
import { findModel, inPath } from './model-in-path.ts'
import { noResult, predictionOf, resultWith } from './result.ts'

/** The page of a model: its form, and beside it the result that the address names. */
export function workspaceRoutes(deps: Deps, panels: Panels, pages: BlankPages) {
  return new Hono().get('/:owner/:name', async (c) => {
    const { ref, version } = inPath(c)
    const asked = c.req.query('prediction')
    const prediction = ref && asked ? await askedPrediction(c, deps, ref, asked) : null
    if (prediction) {
      const model = await modelFor(c, deps, prediction)
      if (model) return resultPage(c, deps, panels, model, prediction)
    }
    const model = await findModel(c, deps)
    if (!model) return missingModel(c, deps)
    if (version !== undefined && model.version.id !== version) return c.notFound()
    const viewer = ensureViewer(c, deps)
    const { search } = new URL(c.req.url)
    const isBlank = search === '?blank'
    if (search === '' || isBlank) return sendKeptPage(c, deps, await pages.open(c, model, isBlank))
    const { prediction: _, ...queries } = c.req.queries()
    const form = await openForm(c, deps, model, viewer.id, queries)
    const query = sameQuery(model.version.schema, form, queries)
    const result = asked === undefined ? noResult : ({ kind: 'missing' } as const)
    return sendWorkspace(c, deps, { model, form, query, result })
  })
}

/** The prediction in the query; null when it is of another version than the one in the address. */
async function askedPrediction(c: Context, deps: Deps, ref: ModelRef, id: string) {
  const prediction = await predictionOf(c, deps, ref, id)
  const version = inPath(c).version ?? c.req.query('version')
  return version === undefined || prediction?.version === version ? prediction : null
}

/** The model in the version of a prediction where that still runs, else in its latest. */
async function modelFor(c: Context, deps: Deps, { model, version }: Prediction) {
  const models = usableModels(deps, viewerOf(c, deps))
  return (await models.findSoon(model, version)) ?? models.findSoon(model)
}

/** The form with the inputs of a prediction, beside its result. */
async function resultPage(
  c: Context,
  deps: Deps,
  panels: Panels,
  model: Model,
  prediction: Prediction,
) {
  ensureViewer(c, deps)
  const { schema } = model.version
  const form = fillForm(schema, prediction.input, prediction.files)
  const result = await resultWith(c, deps, panels, model, prediction)
  return sendWorkspace(c, deps, { model, form, query: `?from=${prediction.id}`, result })
}

interface Workspace {
  readonly model: Model
  readonly form: ReturnType<typeof fillForm>
  readonly query: string
  readonly result: ShownResult
}

async function sendWorkspace(c: Context, deps: Deps, { model, ...shown }: Workspace) {
  return page(
    c,
    deps,
    <WorkspacePage
      {...shown}
      model={model}
      lastRuns={await drawLastRuns(c, deps, model.ref, idOf(shown.result))}
      formKey={deps.newId()}
      warmth={currentWarmth(deps, model)}
      estimate={await currentEstimate(deps, model)}
      health={currentHealth(deps, model)}
    />,
  )
}

function idOf(result: ShownResult): string {
  return result.kind === 'prediction' ? result.panel.prediction.id : ''
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
