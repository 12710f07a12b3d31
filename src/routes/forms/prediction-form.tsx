import type { Context } from 'hono'
import type { EarlierChoice } from '../../../views/fields/earlier-files.tsx'
import type { FormOccasion } from '../../../views/form/error-summary.tsx'
import { PredictionForm } from '../../../views/form/prediction-form.tsx'
import { PlaygroundPage } from '../../../views/pages/playground-page.tsx'
import type { Deps } from '../../deps.ts'
import {
  changedForm,
  type Field,
  type Form,
  fillForm,
  readChange,
  readForm,
  type Submission,
} from '../../domain/form/form.ts'
import { formAsJson, readAsForm } from '../../domain/form/form-json.ts'
import type { Model } from '../../domain/model/model.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { withoutSecrets } from '../../domain/schema/secrets.ts'
import type { StartRequest } from '../../runner/acceptance.ts'
import { currentHealth, currentWarmth } from '../model-state.ts'
import { notUploaded, runRetrySeconds } from '../refusals.ts'
import { fragment, isPartial, originOf, page } from '../request/page.tsx'
import { earlierFiles } from './earlier-files.ts'
import { linkQuery } from './open-form.ts'
import type { SubmittedForm } from './submission.ts'

/** A form that is drawn again, with what is wrong if it was not taken. */
export interface FormState {
  readonly status: 200 | 409 | 413 | 422 | 503 | 507
  readonly form: Form
  readonly problem?: string
  /** The form as JSON text, when that is how it is looked at. */
  readonly json?: string
  /** The address that opens the form with these inputs, when it was asked for. */
  readonly link?: string
  /** What was made before, for the input that it is to be chosen for. */
  readonly earlier?: EarlierChoice
  /** The input whose button was pressed: it stays in view. */
  readonly pressed?: string
}

/** What a button of the form makes of it, other than Run. */
export async function pressButton(
  c: Context,
  deps: Deps,
  model: Model,
  submitted: SubmittedForm,
): Promise<FormState> {
  const { pressed, kept } = submitted
  const schema = model.version.schema
  const typed = typedIn(schema, submitted)
  if ('problem' in typed) return typed
  const { submission } = typed
  const none = { action: 'add', name: '', index: null } as const
  if (pressed?.action === 'view' || pressed?.action === 'link') {
    const form = changedForm(schema, submission, kept, none)
    if (pressed.action === 'link')
      return { ...asJson(schema, submitted, form), link: linkTo(c, deps, model, form) }
    return pressed.target === 'json'
      ? { status: 200, form, json: formAsJson(form) }
      : { status: 200, form }
  }
  if (pressed?.action === 'earlier') {
    const form = changedForm(schema, submission, kept, none)
    const earlier = await earlierFiles(c, deps, model, pressed.target)
    return { status: 200, form, ...(earlier ? { earlier, pressed: earlier.input } : {}) }
  }
  if (pressed?.action === 'close')
    return {
      status: 200,
      form: changedForm(schema, submission, kept, none),
      pressed: pressed.target,
    }
  const change = pressed ? readChange(schema, pressed.action, pressed.target) : none
  return { status: 200, form: changedForm(schema, submission, kept, change), pressed: change.name }
}

function asJson(schema: ModelSchema, { json }: SubmittedForm, form: Form): FormState {
  if (json === null) return { status: 200, form }
  return { status: 200, form, json: withoutSecrets(schema, null, json) }
}

function linkTo(c: Context, deps: Deps, model: Model, form: Form): string {
  const query = linkQuery(model.version.schema, form)
  return `${originOf(c, deps)}${deps.paths.model(model.ref)}${query}`
}

/** What was put into the form, by its fields or as JSON. */
function typedIn(
  schema: ModelSchema,
  { json, inputs, kept }: SubmittedForm,
): { submission: Submission } | (FormState & { problem: string }) {
  if (json === null) return { submission: inputs }
  const reading = readAsForm(schema, json, kept)
  if (reading.ok) return reading
  const shown = withoutSecrets(schema, null, json)
  return { status: 422, form: { fields: [] }, json: shown, problem: reading.error }
}

/** What a form asks for, once it is read. */
export type RunInput = Pick<StartRequest, 'input' | 'files'>

/** The inputs as the form has them. */
export function readRunInput(
  deps: Deps,
  model: Model,
  submitted: SubmittedForm,
): RunInput | FormState {
  const schema = model.version.schema
  const typed = typedIn(schema, submitted)
  if ('problem' in typed) return typed
  const reading = readForm(schema, typed.submission, submitted.kept)
  const [unkept] = submitted.refused.values()
  if (reading.ok && !unkept) return reading
  const form = reading.ok ? fillForm(schema, reading.input, reading.files) : reading.form
  if (!unkept) return { ...asJson(schema, submitted, form), status: 422 }
  return {
    status: unkept === 'too large' ? 413 : 507,
    form: { fields: form.fields.map((field) => withUploadError(field, submitted, deps)) },
  }
}

/** The form again: changed by one of its buttons, or not taken. */
export async function sendForm(
  c: Context,
  deps: Deps,
  model: Model,
  redrawn: FormState,
  occasion: FormOccasion = 'run',
) {
  const { status, ...form } = redrawn
  if (status === 503) c.header('Retry-After', String(runRetrySeconds))
  const drawn = { ...form, occasion, formKey: deps.newId(), warmth: currentWarmth(deps, model) }
  if (!isPartial(c)) {
    const health = currentHealth(deps, model)
    return page(c, deps, <PlaygroundPage {...drawn} model={model} health={health} />, status)
  }
  c.header('HX-Retarget', '#prediction-form')
  const { ref, version, examples } = model
  return fragment(
    c,
    deps,
    <PredictionForm {...drawn} model={ref} version={version.id} hasExample={examples.length > 0} />,
    status,
  )
}

function withUploadError(field: Field, { refused }: SubmittedForm, { config }: Deps): Field {
  const reason = refused.get(field.property.name)
  return reason ? { ...field, error: notUploaded(reason, config.maxUpload) } : field
}
