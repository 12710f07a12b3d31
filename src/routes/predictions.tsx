import { type Context, Hono } from 'hono'
import { formatBytes } from '../../views/format.ts'
import { PlaygroundPage } from '../../views/pages/playground-page.tsx'
import { type ChosenFilter, PredictionsPage } from '../../views/pages/predictions-page.tsx'
import { PredictionForm } from '../../views/prediction-form.tsx'
import { RunAnswer } from '../../views/result-pane.tsx'
import type { Deps } from '../deps.ts'
import { type Field, type Form, fillForm, readForm } from '../domain/form.ts'
import { isId } from '../domain/id.ts'
import { type Model, modelName, parseModelRef } from '../domain/model.ts'
import { may } from '../domain/policy.ts'
import { type Prediction, statuses, statusGroup } from '../domain/prediction.ts'
import { readSchema } from '../domain/schema.ts'
import type { NotKept } from '../files/files.ts'
import type { StartRequest } from '../runner/runner.ts'
import type { PredictionFilter } from '../store/store.ts'
import { warmthOf } from './models.tsx'
import { fragment, isPartial, page } from './page.tsx'
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
      const submitted = await readSubmission(c, deps)
      const ref = parseModelRef(submitted.model)
      const model = ref && (await runner.findModel(ref))
      if (!model) return c.notFound()

      const answer = await accept(c, deps, model, submitted)
      if ('form' in answer) return refuse(c, deps, model, answer)
      const made = (await runner.settledWithin(answer.id, waitMs)) ?? answer
      if (!isPartial(c)) return c.redirect(paths.prediction(made.id), 303)
      c.header('HX-Push-Url', paths.prediction(made.id))
      return fragment(c, deps, <RunAnswer {...(await panels.props(c, made))} />)
    })
}

/** What a list is narrowed to; what is not understood does not narrow it. */
async function readFilter(c: Context, deps: Deps, chosen: ChosenFilter): Promise<PredictionFilter> {
  const model = parseModelRef(chosen.model)
  const wanted = statuses.filter((status) => statusGroup(status) === chosen.status)
  return {
    ...(model ? { model } : {}),
    ...(wanted.length > 0 ? { statuses: wanted } : {}),
    ...(chosen.who === 'me' ? { createdBy: (await viewerOf(c, deps)).id } : {}),
  }
}

/** A form that was not taken, to be drawn again with what is wrong. */
interface Refusal {
  readonly status: 409 | 413 | 422 | 503 | 507
  readonly form: Form
  readonly problem?: string
}

type Wanted = Pick<StartRequest, 'input' | 'files'>

async function accept(
  c: Context,
  deps: Deps,
  model: Model,
  submitted: Submitted,
): Promise<Prediction | Refusal> {
  const wanted = (await again(c, deps, submitted)) ?? read(deps, model, submitted)
  if ('status' in wanted) return wanted
  const form = fillForm(readSchema(model.version.schemas), wanted.input, wanted.files)
  if (model.broken !== null || submitted.version !== model.version.id)
    return {
      status: 409,
      form,
      problem: 'The model has changed since. Look the inputs over, then run it.',
    }
  const viewer = await knownViewer(c, deps)
  const started = await deps.runner.start({
    ...wanted,
    model,
    createdBy: viewer.id,
    source: 'web',
    formKey: isId(submitted.key) ? submitted.key : null,
  })
  if (started.ok) return started.prediction
  return { status: 503, form, problem: refusedBecause[started.reason] }
}

const refusedBecause = {
  'queue full': 'The line for this model is full. Try again in a little while.',
  stopping: 'The server is about to restart. Try again in a moment.',
} as const

/** The inputs of an earlier prediction, when it is to be run again as it was. */
async function again(c: Context, deps: Deps, { from }: Submitted): Promise<Wanted | null> {
  const earlier = isId(from) ? await deps.runner.find(from) : null
  if (!earlier || !may(await viewerOf(c, deps), 'see', earlier)) return null
  return { input: earlier.input, files: earlier.files }
}

/** The inputs as the form has them. */
function read(deps: Deps, model: Model, submitted: Submitted): Wanted | Refusal {
  const schema = readSchema(model.version.schemas)
  const reading = readForm(schema, submitted.inputs, submitted.kept)
  const [unkept] = submitted.refused.values()
  if (reading.ok && !unkept) return reading
  const form = reading.ok ? fillForm(schema, reading.input, reading.files) : reading.form
  if (!unkept) return { status: 422, form }
  return {
    status: unkept === 'too large' ? 413 : 507,
    form: { fields: form.fields.map((field) => withUploadError(field, submitted, deps)) },
  }
}

async function refuse(c: Context, deps: Deps, model: Model, { status, form, problem }: Refusal) {
  if (status === 503) c.header('Retry-After', String(queueRetrySeconds))
  const drawn = { form, formKey: deps.newId(), warmth: warmthOf(deps, model), problem }
  if (!isPartial(c)) return page(c, deps, <PlaygroundPage {...drawn} model={model} />, status)
  c.header('HX-Retarget', '#prediction-form')
  const { ref, version, example } = model
  return fragment(
    c,
    deps,
    <PredictionForm {...drawn} model={ref} version={version.id} hasExample={example !== null} />,
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
