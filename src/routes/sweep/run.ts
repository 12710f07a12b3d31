import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Form } from '../../domain/form/form.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import {
  readSweepForm,
  type SweepLimits,
  type SweepValues,
  sentSweep,
} from '../../domain/group/sweep-form.ts'
import type { Model } from '../../domain/model/model.ts'
import type { SentForm } from '../forms/sent-form.ts'
import { startGroup } from '../forms/start-group.ts'
import { notUploaded } from '../refusals.ts'

/** Why nothing was run: its errors are in the form, or it is a sentence about all of it. */
export interface NotRun {
  readonly status: 200 | 403 | 409 | 413 | 422 | 429 | 507
  readonly form: Form
  readonly problem?: string
  readonly advice?: string
  /** Seconds until Run may be pressed again. */
  readonly retryAfter?: number
  /** Whether the number of runs has to be seen first. */
  readonly asks?: boolean
}

/** Runs a model that the viewer may run once for each cell, as a group; the form again when that is not possible. */
export async function runSweep(
  c: Context,
  deps: Deps,
  model: Model,
  values: SweepValues,
  sent: SentForm,
  limits: SweepLimits,
): Promise<NotRun | { readonly group: RunGroup }> {
  const form = sentSweep(model.version.schema, values)
  if (model.broken !== null) return { status: 409, form, problem: model.broken }
  if (sent.refused.size > 0) return withUploadErrors(deps, form, sent)
  if (values.varied.length === 0)
    return { status: 422, form, problem: 'Press Vary at the input that is to take several values' }
  const reading = readSweepForm(model.version.schema, values, limits)
  if (!reading.ok) return { ...reading, status: 422 }
  // The number of runs is said before they are made.
  if (sent.text('runs') !== String(reading.inputs.length)) return { status: 200, form, asks: true }
  const started = await startGroup(c, deps, sent, {
    kind: 'sweep',
    title: values.varied.map(({ name }) => name).join(' × '),
    axes: reading.axes,
    runs: reading.inputs.map((input, place) => ({ place, model, input, files: reading.files })),
  })
  return 'group' in started ? started : { ...started, form }
}

function withUploadErrors({ config }: Deps, { fields }: Form, { refused }: SentForm): NotRun {
  const marked = fields.map((field) => {
    const reason = refused.get(field.property.name)
    return reason ? { ...field, error: notUploaded(reason, config.maxUpload) } : field
  })
  const status = [...refused.values()].includes('too large') ? 413 : 507
  return { status, form: { fields: marked } }
}
