import { type Context, Hono } from 'hono'
import { formatBytes } from '../../views/format.ts'
import { DeletionPage } from '../../views/pages/deletion-page.tsx'
import { GonePanel } from '../../views/pages/message-page.tsx'
import { PlaygroundPage } from '../../views/pages/playground-page.tsx'
import { PredictionPage } from '../../views/pages/prediction-page.tsx'
import { PredictionsPage } from '../../views/pages/predictions-page.tsx'
import { PredictionPanel, type PredictionPanelProps } from '../../views/prediction-panel.tsx'
import type { Deps } from '../deps.ts'
import { type Field, type Form, fillForm, readForm } from '../domain/form.ts'
import { isId } from '../domain/id.ts'
import { type Model, parseModelRef } from '../domain/model.ts'
import { may } from '../domain/policy.ts'
import { isSettled, type Prediction } from '../domain/prediction.ts'
import { readSchema } from '../domain/schema.ts'
import type { NotKept } from '../files/files.ts'
import { warmthOf } from './models.tsx'
import { html } from './page.tsx'
import { readSubmission, type Submitted } from './submission.ts'
import { knownViewer, viewerOf } from './viewer.ts'

const pageLength = 50

/** A result that is there this soon is in the first answer. */
const waitMs = 300

/** A browser without scripts asks again after 2 s, and less often the longer it takes. */
const refreshSeconds = { first: 2, last: 10 }

const queueRetrySeconds = 10

export function predictionRoutes(deps: Deps) {
  const { runner, store, paths } = deps
  return new Hono()
    .get('/predictions', async (c) => {
      const page = await store.page({}, pageLength, c.req.query('before') ?? null)
      return html(c, deps, <PredictionsPage page={page} />)
    })
    .post('/predictions', async (c) => {
      const submitted = await readSubmission(c, deps)
      const ref = parseModelRef(submitted.model)
      const model = ref && (await runner.findModel(ref))
      if (!model) return c.notFound()

      const answer = await accept(c, deps, model, submitted)
      if ('form' in answer) return refusal(c, deps, model, answer)
      await runner.settledWithin(answer.id, waitMs)
      return c.redirect(paths.prediction(answer.id), 303)
    })
    .get('/p/:id', async (c) => {
      const panel = await findPanel(c, deps)
      if (!panel) return c.notFound()
      return html(c, deps, <PredictionPage {...panel} refreshSeconds={refreshAfter(panel)} />)
    })
    .get('/p/:id/panel', async (c) => {
      const panel = await findPanel(c, deps)
      return panel
        ? html(c, deps, <PredictionPanel {...panel} />)
        : html(c, deps, <GonePanel />, 404)
    })
    .get('/p/:id/logs.txt', async (c) => {
      const prediction = await find(c, deps)
      return prediction ? c.text(prediction.logs) : c.notFound()
    })
    .post('/p/:id/cancellation', async (c) => {
      const prediction = await find(c, deps)
      if (!prediction) return c.notFound()
      if (!may(await viewerOf(c, deps), 'cancel', prediction)) return c.text('Not yours.', 403)
      runner.cancel(prediction.id).catch((error) => deps.log.error({ error }, 'A cancel failed'))
      await runner.settledWithin(prediction.id, waitMs)
      return c.redirect(paths.prediction(prediction.id), 303)
    })
    .get('/p/:id/deletion', async (c) => {
      const prediction = await find(c, deps)
      return prediction ? html(c, deps, <DeletionPage prediction={prediction} />) : c.notFound()
    })
    .post('/p/:id/deletion', async (c) => {
      const prediction = await find(c, deps)
      if (!prediction) return c.notFound()
      if (!may(await viewerOf(c, deps), 'delete', prediction)) return c.text('Not yours.', 403)
      await runner.remove(prediction.id)
      return c.redirect(paths.predictions(), 303)
    })
}

/** A form that was not taken, to be drawn again with what is wrong. */
interface Refusal {
  readonly status: 409 | 413 | 422 | 503 | 507
  readonly form: Form
  readonly problem?: string
}

async function accept(
  c: Context,
  deps: Deps,
  model: Model,
  submitted: Submitted,
): Promise<Prediction | Refusal> {
  const schema = readSchema(model.version.schemas)
  const reading = readForm(schema, submitted.inputs, submitted.kept)
  const form = reading.ok ? fillForm(schema, reading.input, reading.files) : reading.form
  const [unkept] = submitted.refused.values()
  if (unkept)
    return {
      status: unkept === 'too large' ? 413 : 507,
      form: { fields: form.fields.map((field) => withUploadError(field, submitted, deps)) },
    }
  if (!reading.ok) return { status: 422, form }
  if (model.broken !== null || submitted.version !== model.version.id) {
    const problem =
      'The model has changed since this page was opened. Look the inputs over, then run it.'
    return { status: 409, form, problem }
  }
  const viewer = await knownViewer(c, deps)
  const started = await deps.runner.start({
    model,
    input: reading.input,
    files: reading.files,
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

function refusal(c: Context, deps: Deps, model: Model, { status, form, problem }: Refusal) {
  if (status === 503) c.header('Retry-After', String(queueRetrySeconds))
  return html(
    c,
    deps,
    <PlaygroundPage
      model={model}
      form={form}
      formKey={deps.newId()}
      warmth={warmthOf(deps, model)}
      problem={problem}
    />,
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

/** The prediction of the address, if this viewer may see it. */
async function find(c: Context, deps: Deps): Promise<Prediction | null> {
  const id = c.req.param('id') ?? ''
  const prediction = isId(id) ? await deps.runner.find(id) : null
  return prediction && may(await viewerOf(c, deps), 'see', prediction) ? prediction : null
}

async function findPanel(c: Context, deps: Deps): Promise<PredictionPanelProps | null> {
  const prediction = await find(c, deps)
  if (!prediction) return null
  const version = await deps.store.findVersion(prediction.model, prediction.version)
  const viewer = await viewerOf(c, deps)
  return {
    prediction,
    schema: readSchema(version?.schemas ?? {}),
    position: isSettled(prediction) ? null : deps.runner.position(prediction),
    now: deps.now(),
    count: Number(c.req.query('n')) || 0,
    may: { cancel: may(viewer, 'cancel', prediction), delete: may(viewer, 'delete', prediction) },
  }
}

function refreshAfter({ prediction, now }: PredictionPanelProps): number {
  const elapsed = Math.round((now - prediction.createdAt) / 10_000)
  return Math.min(refreshSeconds.last, refreshSeconds.first + elapsed)
}
