import { type Context, Hono } from 'hono'
import { formatBytes } from '../../views/format.ts'
import { PlaygroundPage } from '../../views/pages/playground-page.tsx'
import { type ChosenFilter, PredictionsPage } from '../../views/pages/predictions-page.tsx'
import { PredictionForm } from '../../views/prediction-form.tsx'
import { RunAnswer } from '../../views/result-pane.tsx'
import type { Deps } from '../deps.ts'
import {
  changedForm,
  type Field,
  type Form,
  fillForm,
  readChange,
  readForm,
  type Submission,
} from '../domain/form.ts'
import { formAsJson, linkValues, readAsForm } from '../domain/form-json.ts'
import { isId } from '../domain/id.ts'
import { type Model, modelName, parseModelRef } from '../domain/model.ts'
import { may } from '../domain/policy.ts'
import { type Prediction, statuses, statusGroup } from '../domain/prediction.ts'
import { type ModelSchema, readSchema } from '../domain/schema.ts'
import { lacksSecrets } from '../domain/secrets.ts'
import type { NotKept } from '../files/files.ts'
import type { StartRequest } from '../runner/intake.ts'
import type { PredictionFilter } from '../store/store.ts'
import { warmthOf } from './models.tsx'
import { withOwnFiles } from './own-files.ts'
import { fragment, isPartial, originOf, page } from './page.tsx'
import type { Panels } from './panels.tsx'
import { readSubmission, type Submitted } from './submission.ts'
import { knownViewer, viewerOf } from './viewer.ts'

const pageLength = 50

/** A result that is there this soon is in the first answer. */
const waitMs = 300

const queueRetrySeconds = 10

/** All predictions, and how a new one is made. */
export function predictionsRoutes(deps: Deps, panels: Panels) {
  const { runner, store, paths } = deps
  return new Hono()
    .get('/predictions', async (c) => {
      const { before = null, model = '', status = '', who = '' } = c.req.query()
      const filter = await readFilter(c, deps, { model, status, who })
      const listed = await store.page(filter, pageLength, before || null)
      const models = (await Promise.all(deps.providers.map((provider) => provider.models()))).flat()
      const names = models.map(({ ref }) => modelName(ref))
      const chosen = { model, status, who }
      return page(c, deps, <PredictionsPage page={listed} filter={chosen} models={names} />)
    })
    .post('/predictions', async (c) => {
      const sent = await readSubmission(c, deps)
      const ref = parseModelRef(sent.model)
      const model = ref && (await runner.findModel(ref))
      if (!model) return c.notFound()
      const own = await withOwnFiles(c, deps, readSchema(model.version.schemas), sent.inputs)
      const submitted = { ...sent, inputs: own.inputs, kept: [...sent.kept, ...own.kept] }

      if (submitted.pressed) return redraw(c, deps, model, press(c, deps, model, submitted))
      const answer = await accept(c, deps, model, submitted)
      if ('form' in answer) return redraw(c, deps, model, answer)
      const made = (await runner.settledWithin(answer.id, waitMs)) ?? answer
      if (!isPartial(c)) return c.redirect(paths.prediction(made.id), 303)
      c.header('HX-Push-Url', paths.prediction(made.id))
      return fragment(
        c,
        deps,
        <RunAnswer {...(await panels.props(c, made))} formKey={deps.newId()} />,
      )
    })
}

/** What a list is narrowed to; what is not understood does not narrow it. */
async function readFilter(c: Context, deps: Deps, chosen: ChosenFilter): Promise<PredictionFilter> {
  const model = parseModelRef(chosen.model)
  const wanted = statuses.filter((status) => statusGroup(status) === chosen.status)
  return {
    ...(model ? { model } : {}),
    ...(wanted.length > 0 ? { statuses: wanted } : {}),
    ...(chosen.who === 'me' ? { createdBy: viewerOf(c, deps).id } : {}),
  }
}

/** A form that is drawn again, with what is wrong if it was not taken. */
interface Redrawn {
  readonly status: 200 | 409 | 413 | 422 | 503 | 507
  readonly form: Form
  readonly problem?: string
  /** The form as JSON text, when that is how it is looked at. */
  readonly json?: string
  /** The address that opens the form with these inputs, when it was asked for. */
  readonly link?: string
}

/** What a button of the form makes of it, other than Run. */
function press(c: Context, deps: Deps, model: Model, submitted: Submitted): Redrawn {
  const { pressed, kept } = submitted
  const schema = readSchema(model.version.schemas)
  const typed = typedIn(schema, submitted)
  if ('problem' in typed) return typed
  const { submission } = typed
  const none = { action: 'add', name: '', index: null } as const
  if (pressed?.action === 'view' || pressed?.action === 'link') {
    const form = changedForm(schema, submission, kept, none)
    if (pressed.action === 'link')
      return { ...asJson(submitted, form), link: linkTo(c, deps, model, form) }
    return pressed.target === 'json'
      ? { status: 200, form, json: formAsJson(form) }
      : { status: 200, form }
  }
  const change = pressed ? readChange(schema, pressed.action, pressed.target) : none
  return { status: 200, form: changedForm(schema, submission, kept, change) }
}

function asJson({ json }: Submitted, form: Form): Redrawn {
  return json === null ? { status: 200, form } : { status: 200, form, json }
}

function linkTo(c: Context, deps: Deps, model: Model, form: Form): string {
  const values = linkValues(form).map(([name, text]): [string, string] => [`input.${name}`, text])
  const query = new URLSearchParams(values).toString()
  return `${originOf(c, deps)}${deps.paths.model(model.ref)}${query && '?'}${query}`
}

/** What was put into the form, by its fields or as JSON. */
function typedIn(
  schema: ModelSchema,
  { json, inputs, kept }: Submitted,
): { submission: Submission } | (Redrawn & { problem: string }) {
  if (json === null) return { submission: inputs }
  const reading = readAsForm(schema, json, kept)
  return reading.ok ? reading : { status: 422, form: { fields: [] }, json, problem: reading.error }
}

type Wanted = Pick<StartRequest, 'input' | 'files'>

async function accept(
  c: Context,
  deps: Deps,
  model: Model,
  submitted: Submitted,
): Promise<Prediction | Redrawn> {
  const wanted = (await again(c, deps, submitted)) ?? read(deps, model, submitted)
  if ('status' in wanted) return wanted
  const schema = readSchema(model.version.schemas)
  const form = fillForm(schema, wanted.input, wanted.files)
  if (lacksSecrets(schema, wanted.input))
    return { status: 422, form, problem: 'What is secret is not kept. Give it again, then run it.' }
  if (model.broken !== null || submitted.version !== model.version.id)
    return {
      status: 409,
      form,
      problem: 'The model has changed since. Look the inputs over, then run it.',
    }
  const viewer = knownViewer(c, deps)
  const started = await deps.runner.start({
    ...wanted,
    model,
    createdBy: viewer.id,
    source: 'web',
    formKey: pressKey(submitted, viewer.id),
  })
  if (started.ok) return started.prediction
  return { status: 503, form, problem: refusedBecause[started.reason] }
}

/** Run again has no form, and so no key of its own: two presses by one viewer are one all the same. */
function pressKey({ key, from }: Submitted, viewer: string): string | null {
  if (isId(key)) return key
  return isId(from) ? `${from}-${viewer}` : null
}

const refusedBecause = {
  'queue full': 'The line for this model is full. Try again in a little while.',
  stopping: 'The server is about to restart. Try again in a moment.',
} as const

/** The inputs of an earlier prediction, when it is to be run again as it was. */
async function again(c: Context, deps: Deps, { from }: Submitted): Promise<Wanted | null> {
  const earlier = isId(from) ? await deps.runner.find(from) : null
  if (!earlier || !may(viewerOf(c, deps), 'see', earlier)) return null
  return { input: earlier.input, files: earlier.files }
}

/** The inputs as the form has them. */
function read(deps: Deps, model: Model, submitted: Submitted): Wanted | Redrawn {
  const schema = readSchema(model.version.schemas)
  const typed = typedIn(schema, submitted)
  if ('problem' in typed) return typed
  const reading = readForm(schema, typed.submission, submitted.kept)
  const [unkept] = submitted.refused.values()
  if (reading.ok && !unkept) return reading
  const form = reading.ok ? fillForm(schema, reading.input, reading.files) : reading.form
  if (!unkept) return { ...asJson(submitted, form), status: 422 }
  return {
    status: unkept === 'too large' ? 413 : 507,
    form: { fields: form.fields.map((field) => withUploadError(field, submitted, deps)) },
  }
}

/** The form again: changed by one of its buttons, or not taken. */
async function redraw(c: Context, deps: Deps, model: Model, redrawn: Redrawn) {
  const { status, ...form } = redrawn
  if (status === 503) c.header('Retry-After', String(queueRetrySeconds))
  const drawn = { ...form, formKey: deps.newId(), warmth: warmthOf(deps, model) }
  if (!isPartial(c)) return page(c, deps, <PlaygroundPage {...drawn} model={model} />, status)
  c.header('HX-Retarget', '#prediction-form')
  const { ref, version, examples } = model
  return fragment(
    c,
    deps,
    <PredictionForm {...drawn} model={ref} version={version.id} hasExample={examples.length > 0} />,
    status,
  )
}

function withUploadError(field: Field, { refused }: Submitted, { config }: Deps): Field {
  const reason = refused.get(field.property.name)
  return reason ? { ...field, error: unkeptSentence(reason, config.maxUpload) } : field
}

function unkeptSentence(reason: NotKept, maxUpload: number): string {
  if (reason === 'no space')
    return 'The server has no room left for this file. Tell whoever runs it.'
  return `This file is larger than the ${formatBytes(maxUpload)} that may be uploaded.`
}
