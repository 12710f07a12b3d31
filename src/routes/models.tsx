import { type Context, Hono } from 'hono'
import { LRUCache } from 'lru-cache'
import type { ShownHealth } from '../../views/model/model-health.tsx'
import { ExamplesPage } from '../../views/pages/examples-page.tsx'
import { HomePage } from '../../views/pages/home-page.tsx'
import { MessagePage } from '../../views/pages/message-page.tsx'
import { PlaygroundPage } from '../../views/pages/playground-page.tsx'
import { ReadmePage } from '../../views/pages/readme-page.tsx'
import type { Deps } from '../deps.ts'
import { blankForm } from '../domain/form/form.ts'
import { collectionsOf } from '../domain/model/collection.ts'
import { type Model, type ModelHealth, nothingToNote } from '../domain/model/model.ts'
import { findModels } from '../domain/model/search.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'
import { may } from '../domain/policy.ts'
import { sendContent } from './files/content.ts'
import { openForm, sameQuery } from './forms/open-form.ts'
import { type PageTemplate, page, pageTemplate, sendPage } from './request/page.tsx'
import { ensureViewer, viewerOf } from './request/viewer.ts'

/** Where to find models: all of them, and each by its name. */
export function modelRoutes(deps: Deps) {
  const blankPages = createBlankPages(deps)

  async function find(c: Context): Promise<Model | null> {
    const { ref, version } = asked(c)
    return ref && deps.runner.findModelSoon(ref, version ?? c.req.query('version'))
  }

  return new Hono()
    .get('/', async (c) => {
      const models = await deps.runner.models()
      const query = c.req.query('q')?.trim() ?? ''
      const shown = findModels(models, query).map(({ model }) => ({
        model,
        warmth: currentWarmth(deps, model),
      }))
      const owners = collectionsOf(models).map(({ slug, models: own }) => ({
        slug,
        count: own.length,
      }))
      return page(
        c,
        deps,
        <HomePage
          models={shown}
          reading={deps.runner.modelsReading()}
          query={query}
          owners={owners}
        />,
      )
    })
    .get('/:owner/:name', async (c) => {
      const model = await find(c)
      const { version } = asked(c)
      if (!model) return absent(c, deps)
      if (version !== undefined && model.version.id !== version) return c.notFound()
      const viewer = ensureViewer(c, deps)
      if (!new URL(c.req.url).search) return blankPages.answer(c, model)
      const queries = c.req.queries()
      const form = await openForm(c, deps, model, viewer.id, queries)
      const { newId } = deps
      const warmth = currentWarmth(deps, model)
      return page(
        c,
        deps,
        <PlaygroundPage
          model={model}
          query={sameQuery(model.version.schema, form, queries)}
          form={form}
          formKey={newId()}
          warmth={warmth}
          health={currentHealth(deps, model)}
        />,
      )
    })
    .get('/:owner/:name/readme', async (c) => {
      const model = await find(c)
      if (!model) return c.notFound()
      return page(c, deps, <ReadmePage model={model} warmth={currentWarmth(deps, model)} />)
    })
    .get('/:owner/:name/examples', async (c) => {
      const model = await find(c)
      if (!model) return c.notFound()
      const viewer = viewerOf(c, deps)
      const made = (await deps.store.examplesOf(model.ref)).filter((one) => may(viewer, 'see', one))
      const own = made.filter((one) => may(viewer, 'show as example', one))
      const mayRemove = new Set(own.map(({ id }) => id))
      const warmth = currentWarmth(deps, model)
      return page(
        c,
        deps,
        <ExamplesPage model={model} warmth={warmth} made={made} mayRemove={mayRemove} />,
      )
    })
    .get('/:owner/:name/assets/:file', async (c) => {
      const model = await find(c)
      const provider = deps.providers.find(({ name }) => name === model?.provider)
      const asset = model && (await provider?.asset(model.ref, c.req.param('file')))
      return asset ? sendContent(c, asset.name, asset.content) : c.notFound()
    })
}

/** The model that an address names: `owner/name`, or `owner/name:VERSION`. */
function asked(c: Context) {
  const [name, version] = c.req.param('name')?.split(/:(.*)/s) ?? []
  return { ref: parseModelRef(`${c.req.param('owner')}/${name}`), version }
}

/** Where a model could be, if it could be looked for elsewhere, the page says how. */
function absent(c: Context, deps: Deps) {
  const { ref } = asked(c)
  if (ref && deps.records.find(ref)) {
    const name = modelName(ref)
    const text = `${name} has no version to run. Add one with POST /v1/models/${name}/versions.`
    return page(c, deps, <MessagePage title='This model has no version yet' text={text} />)
  }
  if (!asked(c).ref || deps.config.replicate.token !== null) return c.notFound()
  const text =
    'There is no model with this name. To use models at Replicate, the operator must set REPLICATE_API_TOKEN.'
  return page(c, deps, <MessagePage title='Page not found' text={text} />, 404)
}

/** What else is known of a model's state now. */
export function currentHealth(
  { providers, now }: Deps,
  { provider: name, ref }: Model,
): ShownHealth {
  const health = providers.find((one) => one.name === name)?.health(ref) ?? nothingToNote
  return healthAt(health, now())
}

export function healthAt(health: ModelHealth, now: number): ShownHealth {
  const { since } = health
  return { ...health, elapsed: since === null ? null : Math.max(0, (now - since) / 1000) }
}

export function currentWarmth({ providers }: Deps, model: Model) {
  return providers.find(({ name }) => name === model.provider)?.warmth(model.ref) ?? 'cold'
}

/** How much of blank pages is kept, in UTF-16 units. */
const mostBlankUnits = 16 * 2 ** 20

/** A blank form is the same for all who open it, but for the key that tells their presses apart. */
function createBlankPages(deps: Deps) {
  const drawnPages = new LRUCache<string, { readonly model: Model; readonly html: string }>({
    maxSize: mostBlankUnits,
    sizeCalculation: ({ html }) => html.length,
  })
  const keyMark = deps.newId()
  const hostMark = deps.newId()

  async function draw(shared: PageTemplate, model: Model): Promise<string> {
    const warmth = currentWarmth(deps, model)
    const health = currentHealth(deps, model)
    const instances = JSON.stringify(health.instances ?? [])
    const key = `${modelName(model.ref)} ${warmth} ${shared.variant} ${health.note ?? ''} ${instances}`
    // What changes with each second is rendered for each.
    const lasts = health.elapsed === null && health.logs === ''
    const known = lasts ? drawnPages.get(key) : undefined
    if (known?.model === model) return known.html
    const form = blankForm(model.version.schema)
    const html = await shared.draw(
      <PlaygroundPage
        model={model}
        form={form}
        formKey={keyMark}
        warmth={warmth}
        health={health}
      />,
    )
    if (lasts) drawnPages.set(key, { model, html })
    return html
  }

  return {
    async answer(c: Context, model: Model) {
      const shared = pageTemplate(c, deps, hostMark)
      const html = await draw(shared, model)
      return sendPage(c, deps, shared.fill(html.replace(keyMark, deps.newId())))
    },
  }
}
