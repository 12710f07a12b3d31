import { type Context, Hono } from 'hono'
import { CollectionPage } from '../../views/pages/collection-page.tsx'
import { ExamplesPage } from '../../views/pages/examples-page.tsx'
import { OwnerPage } from '../../views/pages/owner-page.tsx'
import { ReadmePage } from '../../views/pages/readme-page.tsx'
import type { Deps } from '../deps.ts'
import { collectionOf } from '../domain/model/collection.ts'
import { coverNameOf } from '../domain/model/edit.ts'
import type { Model } from '../domain/model/model.ts'
import { pageOf } from '../domain/model/order.ts'
import { mayOperate } from '../domain/policy.ts'
import { StillReading } from '../domain/unavailable.ts'
import { listedModels } from './explore/listed.ts'
import { pageLength } from './explore/sections.ts'
import { sendContent, sendFile } from './files/content.ts'
import { currentWarmth } from './model-state.ts'
import { page } from './request/page.tsx'
import { mayWith } from './request/rights.ts'
import { usableModels } from './request/usable-models.ts'
import { viewerOf } from './request/viewer.ts'
import { findModel } from './workspace/model-in-path.ts'

type ModelHandler = (c: Context, deps: Deps, model: Model) => Response | Promise<Response>

/** The lists of models, and the pages of each besides its form. */
export function modelRoutes(deps: Deps) {
  /** Answers with what `handler` makes of the model in the path; 404 when there is none. */
  const withModel = (handler: ModelHandler) => async (c: Context) => {
    const model = await findModel(c, deps)
    return model ? handler(c, deps, model) : c.notFound()
  }

  return new Hono()
    .get('/collections/:slug', (c) => collectionPage(c, deps, c.req.param('slug')))
    .get(
      '/:owner/:name/readme',
      withModel((c, _deps, model) =>
        page(c, deps, <ReadmePage model={model} warmth={currentWarmth(deps, model)} />),
      ),
    )
    .get('/:owner/:name/examples', withModel(examplesPage))
    .get('/:owner/:name/assets/:file', withModel(sendAsset))
}

/** The models that an operator put together under this name, else those of the owner of this name. */
async function collectionPage(c: Context, deps: Deps, slug: string) {
  const viewer = viewerOf(c, deps)
  const usable = await usableModels(deps, viewer).all()
  const made = deps.collections.find(slug)
  const collection = made ? collectionOf(made, usable) : null
  const models = collection?.models ?? usable.filter(({ ref }) => ref.owner === slug)
  const reading = deps.runner.modelsReading()
  if (models.length === 0 && reading > 0) throw new StillReading(reading)
  // An operator sees an empty collection, to change it.
  if (models.length === 0 && !(collection && mayOperate(viewer))) return c.notFound()
  const shown = pageOf(models, Number(c.req.query('page') ?? 1), pageLength)
  const items = await listedModels(deps, shown.items)
  const list = { ...shown, items, count: models.length, length: pageLength }
  return collection
    ? page(c, deps, <CollectionPage collection={collection} list={list} />)
    : page(c, deps, <OwnerPage owner={slug} list={list} reading={reading} />)
}

async function examplesPage(c: Context, deps: Deps, model: Model) {
  const viewer = viewerOf(c, deps)
  const made = (await deps.store.examplesOf(model.ref)).filter((one) =>
    mayWith(deps, viewer, 'see', one),
  )
  const own = made.filter((one) => mayWith(deps, viewer, 'show as example', one))
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
