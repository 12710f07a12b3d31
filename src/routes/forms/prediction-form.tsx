import type { Context } from 'hono'
import type { EarlierChoice } from '../../../views/fields/earlier-files.tsx'
import type { FormOccasion } from '../../../views/form/error-summary.tsx'
import { PredictionForm } from '../../../views/form/prediction-form.tsx'
import { WorkspacePage } from '../../../views/pages/workspace-page.tsx'
import type { ShownResult } from '../../../views/workspace/result.tsx'
import type { Deps } from '../../deps.ts'
import { changedForm, noChange, readChange } from '../../domain/form/change-form.ts'
import { type Field, type Form, fillForm, type Submission } from '../../domain/form/form.ts'
import { formAsJson, readAsForm } from '../../domain/form/form-json.ts'
import { readForm } from '../../domain/form/read-form.ts'
import type { Model } from '../../domain/model/model.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { hasSecrets } from '../../domain/schema/secrets.ts'
import { withoutSecrets } from '../../domain/schema/typed-secrets.ts'
import type { StartRequest } from '../../runner/acceptance.ts'
import { shownScore } from '../judgement/shown-score.ts'
import { currentEstimate, currentHealth, currentWarmth } from '../model-state.ts'
import { notUploaded, runRetrySeconds } from '../refusals.ts'
import { fragment, isPartial, originOf, page } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'
import { drawLastRuns } from '../workspace/last-runs.tsx'
import { waysFrom } from './by-share.ts'
import { earlierFiles } from './earlier-files.ts'
import { linkQuery } from './open-form.ts'
import { quotaUsed } from './quota-used.ts'
import { drawRunChoice } from './run-choice.tsx'
import type { SentChoice, SubmittedForm } from './submission.ts'

/** The form to show again: changed by a button, or with the reason why nothing was run. */
export interface FormState {
  readonly status: 200 | 403 | 409 | 413 | 422 | 429 | 503 | 507
  readonly form: Form
  readonly problem?: string
  /** A sentence on what to do about it. */
  readonly advice?: string
  /** Seconds until Run may be pressed again. */
  readonly retryAfter?: number
  /** The form as JSON text, in the JSON view. */
  readonly json?: string
  /** The URL of the form with these inputs, after Copy link. */
  readonly link?: string
  /** The files of earlier predictions to choose from, and the input that they are for. */
  readonly earlier?: EarlierChoice
  /** The input whose button was pressed, which stays in view. */
  readonly pressed?: string
}

/** The form after a press on one of its buttons other than Run. */
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
  const { action, target } = pressed ?? { action: 'view', target: 'form' }
  const form = changedForm(schema, typed.submission, kept, noChange)
  switch (action) {
    case 'link':
      return { ...asJson(schema, submitted, form), link: linkTo(c, deps, model, form) }
    case 'view':
      return target === 'json'
        ? { status: 200, form, json: formAsJson(form) }
        : { status: 200, form }
    case 'earlier': {
      const earlier = await earlierFiles(c, deps, model, { ...submitted, input: target })
      return { status: 200, form, ...(earlier ? { earlier, pressed: earlier.input } : {}) }
    }
    case 'seed': {
      const seeded = new Map([...typed.submission, ['seed', [target]]])
      return { status: 200, form: changedForm(schema, seeded, kept, noChange), pressed: 'seed' }
    }
    case 'close':
      return { status: 200, form, pressed: target }
    case 'resume':
      return { ...asJson(schema, submitted, form), ...resumed(target) }
    default: {
      const change = readChange(schema, action, target)
      const changed = changedForm(schema, typed.submission, kept, change)
      return { status: 200, form: changed, pressed: change.name }
    }
  }
}

/** `files`: the names of those that were chosen before the sign-in. */
function resumed(files: string) {
  return {
    problem: 'You are signed in again. Nothing was run yet',
    advice: files === '' ? 'Press Run to go on.' : `Choose your files again: ${files}.`,
  }
}

function asJson(schema: ModelSchema, { json }: SubmittedForm, form: Form): FormState {
  if (json === null) return { status: 200, form }
  return { status: 200, form, json: withoutSecrets(schema, null, json) }
}

function linkTo(c: Context, deps: Deps, model: Model, form: Form): string {
  const query = linkQuery(model.version.schema, form)
  return `${originOf(c, deps)}${deps.paths.model(model.ref)}${query}`
}

/** The inputs in the form’s fields, or in its JSON text. */
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

/** The input of a form after it was read and found valid. */
export type RunInput = Pick<StartRequest, 'input' | 'files'>

/** Reads the inputs of a form; the form again when they are not valid. */
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

/** What was sent with a form besides its inputs. */
interface SentBeside {
  /** Id of the result beside it. */
  readonly id: string
  /** Reads that result, for a whole page. */
  readonly read: () => Promise<ShownResult>
  readonly choice: SentChoice
}

/** Sends a form again: as a page with the result beside it, or alone for htmx. */
export async function sendForm(
  c: Context,
  deps: Deps,
  model: Model,
  state: FormState,
  beside: SentBeside,
  occasion: FormOccasion = 'run',
) {
  const { status, retryAfter = status === 503 ? runRetrySeconds : null, ...form } = state
  if (retryAfter !== null) c.header('Retry-After', String(retryAfter))
  const warmth = currentWarmth(deps, model)
  const estimate = await currentEstimate(deps, model, viewerOf(c, deps).id)
  const quota = await quotaUsed(c, deps)
  const choice = drawRunChoice(c, deps, model, beside.choice)
  const { isAlone, byShare } = waysFrom(c, deps, model, beside.choice.share)
  const formKey = deps.newId()
  const props = { ...form, occasion, formKey, warmth, estimate, quota, choice, byShare }
  if (!isPartial(c)) {
    const health = currentHealth(deps, model)
    const result = await beside.read()
    const lastRuns = await drawLastRuns(c, deps, model.ref, beside.id)
    const score = await shownScore(c, deps, model.ref)
    return page(
      c,
      deps,
      <WorkspacePage {...props} {...{ model, health, result, score, lastRuns, isAlone }} />,
      status,
    )
  }
  c.header('HX-Retarget', '#prediction-form')
  const { ref, version, examples } = model
  const own = {
    model: ref,
    version: version.id,
    isPinned: model.isEarlier === true,
    hasExample: examples.length > 0,
    hasSecrets: hasSecrets(version.schema.secrets),
  }
  const lastRuns = await drawLastRuns(c, deps, ref, beside.id)
  return fragment(
    c,
    deps,
    <PredictionForm {...props} {...{ ...own, lastRuns }} beside={beside.id} />,
    status,
  )
}

function withUploadError(field: Field, { refused }: SubmittedForm, { config }: Deps): Field {
  const reason = refused.get(field.property.name)
  return reason ? { ...field, error: notUploaded(reason, config.maxUpload) } : field
}
