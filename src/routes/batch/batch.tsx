import contentDisposition from 'content-disposition'
import { type Context, Hono } from 'hono'
import { BatchPage, type BatchPageProps } from '../../../views/batch/batch-page.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { may } from '../../domain/policy.ts'
import { openFile } from '../../files/files.ts'
import { csvHead } from '../files/csv.ts'
import { sendInertText } from '../files/output-content.ts'
import { quotaUsed } from '../forms/quota-used.ts'
import { drawRunChoice } from '../forms/run-choice.tsx'
import type { SentChoice } from '../forms/submission.ts'
import { currentWarmth, timeOfRuns } from '../model-state.ts'
import { page } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'
import { findModel } from '../workspace/model-in-path.ts'
import { type Batch, readBatch } from './read-batch.ts'
import { createRowFiles, type RowFiles } from './row-files.ts'
import { readBatchForm, type SentBatch } from './sent-batch.ts'
import { startBatch } from './start-batch.ts'
import { UnreadableRows } from './text-in-file.ts'

/** The page that runs a model for each row of a file. Its form has files, so it is read here. */
export function batchRoutes(deps: Deps) {
  return new Hono()
    .get('/:owner/:name/batch', async (c) => {
      const model = await findModel(c, deps)
      return model ? draw(c, deps, model, { ...nothingSent, status: 200 }) : c.notFound()
    })
    .get('/:owner/:name/batch/template.csv', async (c) => {
      const model = await findModel(c, deps)
      if (!model) return c.notFound()
      c.header('Content-Disposition', contentDisposition(`${model.ref.name}.csv`))
      return sendInertText(
        c,
        'text/csv',
        csvHead(model.version.schema.input.map((one) => one.name)),
      )
    })
    .post('/:owner/:name/batch', async (c) => {
      const model = await findModel(c, deps)
      if (!model) return c.notFound()
      const sent = await readBatchForm(c, deps)
      const answer = await answerTo(c, deps, model, sent)
      return 'id' in answer
        ? c.redirect(deps.paths.group(answer.id), 303)
        : draw(c, deps, model, answer)
    })
}

type Shown = Pick<
  BatchPageProps,
  'sent' | 'problems' | 'leavesOut' | 'checked' | 'problem' | 'advice'
>

interface BatchState extends Shown {
  readonly status: 200 | 403 | 413 | 422 | 429
  readonly retryAfter?: number
  readonly choice?: SentChoice
}

const nothingSent: Shown = {
  sent: { rows: null, files: null },
  problems: {},
  leavesOut: false,
  checked: null,
}

/** The form again, or the group that it made. */
async function answerTo(c: Context, deps: Deps, model: Model, form: SentBatch) {
  const { sent, problems, leavesOut, choice, pressed } = form
  const state: BatchState = { sent, problems, leavesOut, choice, checked: null, status: 200 }
  if (!may(viewerOf(c, deps), 'run', { model })) return { ...state, ...mayNotRun }
  if (pressed === 'remove' || model.broken !== null) return state
  if (Object.keys(problems).length > 0) return { ...state, status: 422 as const }
  const read = await readFiles(c, deps, model, form)
  if ('problems' in read) return { ...state, ...read, status: 422 as const }
  const { checked } = read.batch
  const isRight = checked.ready > 0 && (checked.wrong === 0 || leavesOut)
  if (!isRight) return { ...state, checked, status: 422 as const }
  if (pressed === 'check' || form.isNew) return { ...state, checked }
  const started = await startBatch(c, deps, model, form, read.batch, read.rowFiles).catch(inZip)
  return 'id' in started ? started : { ...state, checked, ...started }
}

const mayNotRun = {
  status: 403,
  problem: 'You may see this model, but not run it',
} as const

type Read = { readonly batch: Batch; readonly rowFiles: RowFiles } | Pick<Shown, 'problems'>

/** Reads the rows, with the files that they name. */
async function readFiles(
  c: Context,
  deps: Deps,
  model: Model,
  { sent: { rows, files } }: SentBatch,
): Promise<Read> {
  if (!rows) return { problems: { rows: 'Choose a CSV or JSONL file.' } }
  const rowFiles = await createRowFiles(c, deps, files).catch(inZip)
  if ('problems' in rowFiles) return rowFiles
  const content = await openFile(deps.files, rows)
  if (!content) return { problems: { rows: 'This file is no longer available. Choose it again.' } }
  const { schema } = model.version
  const { mostRows } = deps.config
  const options = { schema, name: rows.name, content, mostRows, findFile: rowFiles.find }
  const batch = await readBatch(options).catch((error: unknown) => unreadable('rows', error))
  return 'problems' in batch ? batch : { batch, rowFiles }
}

function unreadable(field: 'rows' | 'files', error: unknown): Pick<Shown, 'problems'> {
  if (!(error instanceof UnreadableRows)) throw error
  return { problems: { [field]: error.message } }
}

function inZip(error: unknown) {
  return { ...unreadable('files', error), status: 422 as const }
}

async function draw(c: Context, deps: Deps, model: Model, state: BatchState) {
  const { status, retryAfter, choice = null, ...shown } = state
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  const warmth = currentWarmth(deps, model)
  const estimate = shown.checked ? await timeOfRuns(deps, model, shown.checked.ready) : ''
  const props = { model, warmth, estimate, formKey: deps.newId(), ...shown }
  return page(
    c,
    deps,
    <BatchPage
      {...props}
      choice={drawRunChoice(c, deps, model, choice)}
      quota={await quotaUsed(c, deps)}
      mostRows={deps.config.mostRows}
    />,
    status,
  )
}
