import { type Context, Hono } from 'hono'
import { ExamplesPage } from '../../views/pages/examples-page.tsx'
import { HomePage } from '../../views/pages/home-page.tsx'
import { MessagePage } from '../../views/pages/message-page.tsx'
import { PlaygroundPage } from '../../views/pages/playground-page.tsx'
import { ReadmePage } from '../../views/pages/readme-page.tsx'
import type { Deps } from '../deps.ts'
import { collectionsOf } from '../domain/model/collection.ts'
import { coverNameOf } from '../domain/model/edit.ts'
import type { Model } from '../domain/model/model.ts'
import { findModels } from '../domain/model/search.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'
import { may, mayOperate } from '../domain/policy.ts'
import { StillReading } from '../domain/unavailable.ts'
import { sendContent, sendFile } from './files/content.ts'
import { createBlankPages } from './forms/blank-pages.tsx'
import { openForm, sameQuery } from './forms/open-form.ts'
import { currentEstimate, currentHealth, currentWarmth } from './model-state.ts'
import { page } from './request/page.tsx'
import { usableModels } from './request/usable-models.ts'
import { ensureViewer, viewerOf } from './request/viewer.ts'

type ModelHandler = (c: Context, deps: Deps, model: Model) => Response | Promise<Response>

/** The lists of models, and the pages of each. */
export function modelRoutes(deps: Deps) {
  const blankPages = createBlankPages(deps)

  /** Answers with what `handler` makes of the model in the path; 404 when there is none. */
  const withModel = (handler: ModelHandler) => async (c: Context) => {
    const model = await findModel(c, deps)
    return model ? handler(c, deps, model) : c.notFound()
  }

  return new Hono()
    .get('/', (c) => homePage(c, deps))
    .get('/collections/:slug', (c) => collectionPage(c, deps, c.req.param('slug')))
    .get('/:owner/:name', async (c) => {
      const model = await findModel(c, deps)
      const { version } = inPath(c)
      if (!model) return missingModel(c, deps)
      if (version !== undefined && model.version.id !== version) return c.notFound()
      const viewer = ensureViewer(c, deps)
      if (!new URL(c.req.url).search) return blankPages.answer(c, model)
      return playgroundPage(c, deps, model, viewer.id)
    })
    .get(
      '/:owner/:name/readme',
      withModel((c, _deps, model) =>
        page(c, deps, <ReadmePage model={model} warmth={currentWarmth(deps, model)} />),
      ),
    )
    .get('/:owner/:name/examples', withModel(examplesPage))
    .get('/:owner/:name/assets/:file', withModel(sendAsset))
}

/** The owner, name and version in a path: `owner/name`, or `owner/name:VERSION`. */
function inPath(c: Context) {
  const [name, version] = c.req.param('name')?.split(/:(.*)/s) ?? []
  return { ref: parseModelRef(`${c.req.param('owner')}/${name}`), version }
}

async function findModel(c: Context, deps: Deps): Promise<Model | null> {
  const { ref, version } = inPath(c)
  const models = usableModels(deps, viewerOf(c, deps))
  return ref && models.findSoon(ref, version ?? c.req.query('version'))
}

async function homePage(c: Context, deps: Deps) {
  const models = await usableModels(deps, viewerOf(c, deps)).all()
  const query = c.req.query('q')?.trim() ?? ''
  const found = findModels(models, query).map(({ model }) => model)
  const owners = collectionsOf(models).map(({ slug, models: own }) => ({
    slug,
    count: own.length,
  }))
  const reading = deps.runner.modelsReading()
  return page(c, deps, <HomePage {...{ query, owners, reading }} models={listed(deps, found)} />)
}

/** The models of one owner. */
async function collectionPage(c: Context, deps: Deps, owner: string) {
  const usable = await usableModels(deps, viewerOf(c, deps)).all()
  const models = usable.filter(({ ref }) => ref.owner === owner)
  const reading = deps.runner.modelsReading()
  if (models.length === 0 && reading > 0) throw new StillReading(reading)
  if (models.length === 0) return c.notFound()
  const props = { models: listed(deps, models), reading, query: '', collection: owner, owners: [] }
  return page(c, deps, <HomePage {...props} />)
}

function listed(deps: Deps, models: readonly Model[]) {
  return models.map((model) => ({ model, warmth: currentWarmth(deps, model) }))
}

/** The form of a model, filled in as the query says. */
async function playgroundPage(c: Context, deps: Deps, model: Model, viewer: string) {
  const queries = c.req.queries()
  const form = await openForm(c, deps, model, viewer, queries)
  return page(
    c,
    deps,
    <PlaygroundPage
      {...{ model, form }}
      query={sameQuery(model.version.schema, form, queries)}
      formKey={deps.newId()}
      warmth={currentWarmth(deps, model)}
      estimate={await currentEstimate(deps, model)}
      health={currentHealth(deps, model)}
    />,
  )
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

async function examplesPage(c: Context, deps: Deps, model: Model) {
  const viewer = viewerOf(c, deps)
  const made = (await deps.store.examplesOf(model.ref)).filter((one) => may(viewer, 'see', one))
  const own = made.filter((one) => may(viewer, 'show as example', one))
  const mayRemove = new Set(own.map(({ id }) => id))
  const warmth = currentWarmth(deps, model)
  return page(c, deps, <ExamplesPage {...{ model, warmth, made, mayRemove }} />)
}

/** A file that the model brings, or the cover that an operator chose. */
async function sendAsset(c: Context, deps: Deps, model: Model) {
  const chosen = deps.edits.find(model.ref)?.fields.cover
  if (chosen && 'file' in chosen && c.req.param('file') === coverNameOf({ cover: chosen }))
    return sendFile(c, deps.files, chosen.file)
  const provider = deps.providers.find(({ name }) => name === model.provider)
  const asset = await provider?.asset(model.ref, c.req.param('file') ?? '')
  return asset ? sendContent(c, asset.name, asset.content) : c.notFound()
}
