import type { Context } from 'hono'
import { EmbedPage } from '../../../views/embed/embed-page.tsx'
import { ErrorSummary } from '../../../views/form/error-summary.tsx'
import type { Deps } from '../../deps.ts'
import { fillForm } from '../../domain/form/form.ts'
import { isId } from '../../domain/id.ts'
import type { Model } from '../../domain/model/model.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { findOrStoreFile, resolveFileAddresses } from '../forms/file-addresses.ts'
import { type FormState, pressButton, readRunInput } from '../forms/prediction-form.tsx'
import { notStartedEmbedded, whyNotRun } from '../forms/refused-run.ts'
import { readSubmission, type SubmittedForm } from '../forms/submission.ts'
import { whyTooOften } from '../forms/too-often.ts'
import type { Panels } from '../panels/panels.ts'
import { runRetrySeconds } from '../refusals.ts'
import { fragment } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import {
  asksForFragment,
  sendEmbedPage,
  sendRefusal,
  swappedStatus,
  withLook,
} from './embed-answers.tsx'
import { type Embed, refused } from './embed-in-path.ts'
import { drawEmbedForm } from './embedded-form.tsx'
import { embeddedView } from './embedded-predictions.tsx'

/** A run that settles within this is in the response to Run. */
const waitMs = 300

/** Buttons of our own forms that need pages which visitors do not have. They change nothing here. */
const without: ReadonlySet<string> = new Set(['resume', 'view', 'link', 'earlier'])

/** Runs the model of an embed with the form of a visitor: ours, or one of the page around it. */
export async function runEmbedded(c: Context, deps: Deps, panels: Panels, embed: Embed) {
  if (embed.shows === 'result') return sendRefusal(c, deps, refused.noForm)
  const sent = await readSubmission(c, deps)
  const { find } = usableModels(deps, embed.viewer, embed.model)
  const found = await find(embed.model, sent.version || undefined)
  const model = found ?? (await find(embed.model))
  if (!model) return sendRefusal(c, deps, refused.noModel(embed.model))
  const own = await resolveFileAddresses(model.version.schema, sent.inputs, (text) =>
    findOrStoreFile(text, c, deps, embed.viewer),
  )
  const submitted = { ...sent, inputs: own.inputs, kept: [...sent.kept, ...own.kept] }
  const { pressed } = submitted
  if (pressed) {
    const action = without.has(pressed.action) ? 'close' : pressed.action
    const changed = { ...submitted, json: null, pressed: { ...pressed, action } }
    return sendForm(c, deps, embed, model, await pressButton(c, deps, model, changed), submitted)
  }
  const answer = await accept(c, deps, embed, model, submitted)
  if ('form' in answer) return sendForm(c, deps, embed, model, answer, submitted)
  const made = (await deps.runner.settledWithin(answer.id, waitMs)) ?? answer
  if (asksForFragment(c)) return panels.answer(c, made, embeddedView(c, deps, embed, made))
  return c.redirect(`${withLook(c, embed.paths.prediction(made.id))}#result`, 303)
}

async function accept(
  c: Context,
  deps: Deps,
  embed: Embed,
  model: Model,
  submitted: SubmittedForm,
): Promise<Prediction | FormState> {
  const wanted = readRunInput(deps, model, submitted)
  if ('status' in wanted) return wanted
  const form = fillForm(model.version.schema, wanted.input, wanted.files)
  // A form of the page around it names no version: it is for the latest.
  const version = submitted.version || model.version.id
  const why =
    whyNotRun(model, { ...submitted, version, input: wanted.input }) ?? (await whyTooOften(c, deps))
  if (why) return { ...why, form }
  const { link, viewer, quota } = embed
  const started = await deps.runner.start({
    ...wanted,
    model,
    createdBy: viewer.id,
    ...(link ? { account: link.createdBy } : {}),
    quota,
    source: 'web',
    formKey: isId(submitted.key) ? submitted.key : null,
    // Visitors of other pages do not see what others made there.
    visibility: 'private',
  })
  if (!started.ok) return { ...notStartedEmbedded(started, deps.now()), form }
  if (link) await deps.store.useEmbed(link.id, deps.now())
  return started.prediction
}

/** Sends the form again, in place of itself; to a form of the page around it, what is wrong, as its result. */
async function sendForm(
  c: Context,
  deps: Deps,
  embed: Embed,
  model: Model,
  state: FormState,
  { version, pressed }: SubmittedForm,
) {
  const { status, retryAfter = status === 503 ? runRetrySeconds : null } = state
  if (retryAfter !== null) c.header('Retry-After', String(retryAfter))
  const occasion = pressed ? 'changed' : 'run'
  const drawn = await drawEmbedForm(c, deps, embed, model, state, occasion)
  const site = { ...deps, paths: embed.paths }
  if (!asksForFragment(c))
    return sendEmbedPage(c, deps, {
      ...embed,
      title: `Error: ${model.ref.name}`,
      content: <EmbedPage model={model.ref} form={drawn} />,
      status,
    })
  if (version !== '') {
    c.header('HX-Retarget', '#prediction-form')
    c.header('HX-Reswap', 'outerHTML')
    return fragment(c, site, drawn, swappedStatus(c, status))
  }
  const { form, problem, advice } = state
  const wrong = <ErrorSummary {...{ form, occasion, problem, advice }} />
  return fragment(c, site, wrong, swappedStatus(c, status))
}
