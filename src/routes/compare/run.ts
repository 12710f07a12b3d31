import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Form } from '../../domain/form/form.ts'
import {
  type ComparedForm,
  type ComparisonReading,
  readComparison,
  sentComparison,
} from '../../domain/group/compared-form.ts'
import { scopeOf } from '../../domain/group/comparison.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import type { SentForm } from '../forms/sent-form.ts'
import { startGroup } from '../forms/start-group.ts'
import { notUploaded } from '../refusals.ts'
import { viewerOf } from '../request/viewer.ts'
import type { Asked } from './asked.ts'

/** Why nothing was run: its errors are in the form, or it is a sentence about all of it. */
export interface NotRun {
  readonly status: 403 | 409 | 413 | 422 | 429 | 507
  readonly form: ComparedForm
  readonly problem?: string
  readonly advice?: string
  /** Seconds until Run may be pressed again. */
  readonly retryAfter?: number
}

/** Runs each model with its inputs, as a group; the form again when that is not possible. */
export async function runComparison(
  c: Context,
  deps: Deps,
  asked: Asked,
  sent: SentForm,
): Promise<NotRun | { readonly group: RunGroup }> {
  const { models, comparison, values } = asked
  const form = sentComparison(comparison, values)
  const refusal = whyNotRun(c, deps, asked)
  if (refusal) return { ...refusal, form }
  const reading = readComparison(comparison, values)
  if (sent.refused.size > 0) return { ...withUploadErrors(deps, asked, sent, reading) }
  if (!reading.ok) return { status: 422, form: reading.form }
  const runs = models.flatMap((model, place) => {
    const run = reading.runs[place]
    return run ? [{ place, model, input: run.input, files: run.files }] : []
  })
  const started = await startGroup(c, deps, sent, {
    kind: 'compare',
    title: models.map(({ ref }) => modelName(ref)).join(', '),
    axes: [],
    runs,
  })
  return 'group' in started ? started : { ...started, form }
}

function whyNotRun(
  c: Context,
  deps: Deps,
  { models, missing }: Asked,
): Omit<NotRun, 'form'> | null {
  if (missing.length > 0) return { status: 422 }
  if (models.length < 2) return { status: 422, problem: 'Add another model to compare' }
  for (const model of models) {
    const refused = whyNot(c, deps, model)
    if (refused) return { ...refused, advice: `Remove ${modelName(model.ref)} to run the others.` }
  }
  return null
}

function whyNot(c: Context, deps: Deps, model: Model) {
  const name = modelName(model.ref)
  if (!may(viewerOf(c, deps), 'run', { model }))
    return { status: 403, problem: `You may see ${name}, but not run it` } as const
  if (model.broken === null) return null
  return { status: 409, problem: `${name} cannot run: ${model.broken}` } as const
}

function withUploadErrors(
  { config }: Deps,
  { comparison, values }: Asked,
  { refused }: SentForm,
  reading: ComparisonReading,
): NotRun {
  const form = reading.ok ? sentComparison(comparison, values) : reading.form
  const marked = ({ fields }: Form, scope: string): Form => ({
    fields: fields.map((field) => {
      const reason = refused.get(scope + field.property.name)
      return reason ? { ...field, error: notUploaded(reason, config.maxUpload) } : field
    }),
  })
  const own = form.own.map((one, at) => {
    const ref = comparison.models[at]?.ref
    return marked(one, ref ? scopeOf(ref) : '')
  })
  const status = [...refused.values()].includes('too large') ? 413 : 507
  return { status, form: { shared: marked(form.shared, ''), own } }
}
