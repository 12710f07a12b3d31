import { type Context, Hono } from 'hono'
import type { ShownHealth } from '../../views/model-health.tsx'
import { ExamplesPage } from '../../views/pages/examples-page.tsx'
import { HomePage } from '../../views/pages/home-page.tsx'
import { MessagePage } from '../../views/pages/message-page.tsx'
import { PlaygroundPage } from '../../views/pages/playground-page.tsx'
import { ReadmePage } from '../../views/pages/readme-page.tsx'
import type { Deps } from '../deps.ts'
import { fileUri, type StoredFile } from '../domain/file.ts'
import { blankForm, type Form, fillForm, linkedForm, type Submission } from '../domain/form.ts'
import { isList, type Json, type JsonObject } from '../domain/json.ts'
import { type Model, modelName, nothingToNote, parseModelRef } from '../domain/model.ts'
import { may } from '../domain/policy.ts'
import { type ModelSchema, readSchema } from '../domain/schema.ts'
import { sendContent } from './content.ts'
import { withOwnFiles } from './own-files.ts'
import { drawn, page, sendPage, variantOf } from './page.tsx'
import { knownViewer, viewerOf } from './viewer.ts'

/** Where to find models: all of them, and each by its name. */
export function modelRoutes(deps: Deps) {
  const blankPages = createBlankPages(deps)

  async function find(c: Context): Promise<Model | null> {
    const { ref, version } = asked(c)
    return ref && deps.runner.findModel(ref, version ?? c.req.query('version'))
  }

  return new Hono()
    .get('/', async (c) => {
      const models = await deps.runner.models()
      const query = c.req.query('q')?.trim() ?? ''
      const shown = models
        .filter((model) => isFound(model, query))
        .map((model) => ({ model, warmth: warmthOf(deps, model) }))
      return page(c, deps, <HomePage models={shown} query={query} />)
    })
    .get('/:owner/:name', async (c) => {
      const model = await find(c)
      const { version } = asked(c)
      if (!model) return absent(c, deps)
      if (version !== undefined && model.version.id !== version) return c.notFound()
      const viewer = knownViewer(c, deps)
      if (!new URL(c.req.url).search) return blankPages.answer(c, model)
      const form = await openForm(c, deps, model, viewer.id)
      const { newId } = deps
      const warmth = warmthOf(deps, model)
      return page(
        c,
        deps,
        <PlaygroundPage
          model={model}
          form={form}
          formKey={newId()}
          warmth={warmth}
          health={healthOf(deps, model)}
        />,
      )
    })
    .get('/:owner/:name/readme', async (c) => {
      const model = await find(c)
      if (!model) return c.notFound()
      return page(c, deps, <ReadmePage model={model} warmth={warmthOf(deps, model)} />)
    })
    .get('/:owner/:name/examples', async (c) => {
      const model = await find(c)
      if (!model) return c.notFound()
      const viewer = viewerOf(c, deps)
      const made = (await deps.store.examplesOf(model.ref)).filter((one) => may(viewer, 'see', one))
      const own = made.filter((one) => may(viewer, 'show as example', one))
      const mayRemove = new Set(own.map(({ id }) => id))
      const warmth = warmthOf(deps, model)
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
  if (!asked(c).ref || deps.config.replicate.token !== null) return c.notFound()
  const text =
    'No model here has this name. Models at Replicate open at their names once the operator has ' +
    'set REPLICATE_API_TOKEN.'
  return page(c, deps, <MessagePage title='There is nothing here' text={text} />, 404)
}

/** What else is known of a model's state now. */
export function healthOf({ providers, now }: Deps, { provider: name, ref }: Model): ShownHealth {
  const health = providers.find((one) => one.name === name)?.health(ref) ?? nothingToNote
  const { since } = health
  return { ...health, elapsed: since === null ? null : Math.max(0, (now() - since) / 1000) }
}

export function warmthOf({ providers }: Deps, model: Model) {
  return providers.find(({ name }) => name === model.provider)?.warmth(model.ref) ?? 'cold'
}

/** A blank form is the same for all who open it, but for the key that tells their presses apart. */
function createBlankPages(deps: Deps) {
  const drawnPages = new WeakMap<Model, Map<string, string>>()
  const mark = deps.newId()

  async function draw(c: Context, model: Model): Promise<string> {
    const warmth = warmthOf(deps, model)
    const health = healthOf(deps, model)
    const variant = `${warmth} ${variantOf(c, deps)} ${health.note ?? ''}`
    // What changes with each second is drawn for each.
    const lasts = health.elapsed === null && health.logs === ''
    const known = lasts && drawnPages.get(model)?.get(variant)
    if (known) return known
    const form = blankForm(readSchema(model.version.schemas))
    const html = await drawn(
      c,
      deps,
      <PlaygroundPage model={model} form={form} formKey={mark} warmth={warmth} health={health} />,
    )
    if (lasts) drawnPages.set(model, (drawnPages.get(model) ?? new Map()).set(variant, html))
    return html
  }

  return {
    async answer(c: Context, model: Model) {
      const html = await draw(c, model)
      return sendPage(c, deps, html.replace(mark, deps.newId()))
    },
  }
}

/** The form as its address asks for it: blank, with the example, or with an earlier input. */
async function openForm(c: Context, deps: Deps, model: Model, viewer: string): Promise<Form> {
  const query: Readonly<Record<string, readonly string[]>> = c.req.queries()
  const schema = readSchema(model.version.schemas)
  const [from] = query.from ?? []
  if (from !== undefined) {
    const earlier = await deps.runner.find(from)
    if (earlier && may({ id: viewer, operator: false }, 'see', earlier))
      return fillForm(schema, earlier.input, earlier.files)
  }
  const example = exampleOf(model, query.example?.[0])
  if (example) {
    const { input, files } = await keepExampleFiles(deps, model, example)
    return fillForm(schema, input, files)
  }
  const linked = await withOwnFiles(deps, schema, linkedInputs(schema, query))
  return linkedForm(schema, linked.inputs, linked.kept)
}

/** Every word of the query is somewhere in the model's name or description. */
function isFound({ ref, description }: Model, query: string): boolean {
  const text = `${modelName(ref)} ${description}`.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** `default` is the first example; the others go by their number, from 1. */
function exampleOf({ examples }: Model, asked: string | undefined): JsonObject | undefined {
  return asked === 'default' ? examples[0] : examples[Number(asked) - 1]
}

/** What a link asks of the page itself; an input of such a name is written `input.from`. */
const ownParameters = new Set(['from', 'example', 'version'])

/** The inputs that a link names: `input.prompt`, or `prompt` for short. */
function linkedInputs(
  schema: ModelSchema,
  query: Readonly<Record<string, readonly string[]>>,
): Submission {
  return new Map(
    schema.input.flatMap(({ name, schema: own }) => {
      const short = ownParameters.has(name) || !Object.hasOwn(query, name) ? undefined : query[name]
      const texts = query[`input.${name}`] ?? short
      return texts && !own.secret ? [[name, texts] as const] : []
    }),
  )
}

/** An example names its files relative to its model, `./photo.jpg`: a form takes them as uploads. */
async function keepExampleFiles(deps: Deps, model: Model, example: JsonObject) {
  const provider = deps.providers.find(({ name }) => name === model.provider)
  const files: StoredFile[] = []
  async function kept(value: Json): Promise<Json> {
    if (isList(value)) return Promise.all(value.map(kept))
    if (typeof value !== 'string' || !value.startsWith('./')) return value
    const asset = await provider?.asset(model.ref, value.slice(2))
    if (!asset) return value
    const stored = await deps.files.put(asset.content, deps.config.maxUpload)
    const file = { ...stored, ref: deps.newId(), name: asset.name }
    await deps.store.addFile(file, deps.now())
    files.push(file)
    return fileUri(file)
  }
  const values = Object.entries(example).map(
    async ([name, value]) => [name, await kept(value)] as const,
  )
  return { input: Object.fromEntries(await Promise.all(values)), files }
}
