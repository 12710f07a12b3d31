import { type Context, Hono } from 'hono'
import { turnPromptId } from '../../views/workspace/next-turn.tsx'
import { RunAnswer } from '../../views/workspace/run-answer.tsx'
import type { Deps } from '../deps.ts'
import { fillForm } from '../domain/form/form.ts'
import { isId } from '../domain/id.ts'
import type { Model } from '../domain/model/model.ts'
import { parseModelRef } from '../domain/model-ref.ts'
import { may } from '../domain/policy.ts'
import type { Prediction } from '../domain/prediction/prediction.ts'
import { findOrStoreFile, resolveFileAddresses } from './forms/file-addresses.ts'
import { changedTurnOf, continuedBy, nextTurn } from './forms/next-turn.ts'
import {
  type FormState,
  pressButton,
  type RunInput,
  readRunInput,
  sendForm,
} from './forms/prediction-form.tsx'
import { quotaUsed } from './forms/quota-used.ts'
import { notStarted, whyNotRun } from './forms/refused-run.ts'
import { madeForIn } from './forms/run-choice.tsx'
import { readSubmission, type SubmittedForm } from './forms/submission.ts'
import { whyTooOften } from './forms/too-often.ts'
import type { Panels } from './panels/panels.ts'
import { viewerActions } from './panels/viewer-actions.ts'
import { fragment, isPartial } from './request/page.tsx'
import { mayWith } from './request/rights.ts'
import { usableModels } from './request/usable-models.ts'
import { ensureViewer, viewerOf } from './request/viewer.ts'
import { shareToRun } from './shares/shared-form.tsx'
import { earlierTurns } from './workspace/earlier-turns.ts'
import { lastRuns } from './workspace/last-runs.tsx'
import { resultBeside } from './workspace/result.ts'

/** A run that settles within this is in the response to Run. */
const waitMs = 300

/** The form that adds a prediction. */
export function predictionFormRoutes(deps: Deps, panels: Panels) {
  const { runner, paths } = deps
  return new Hono().post('/predictions', async (c) => {
    const sent = await readSubmission(c, deps)
    const ref = parseModelRef(sent.model)
    const share = ref && (await shareToRun(c, deps, ref, sent.share))
    const { find } = usableModels(deps, viewerOf(c, deps), share && ref)
    const asked = ref && (await find(ref, sent.version))
    // A form that was opened before the model changed is shown again, as the latest version has it.
    const model = asked?.isEarlier && !isForVersion(sent) ? await find(asked.ref) : asked
    if (!model) return c.notFound()
    const schema = model.version.schema
    const own = await resolveFileAddresses(schema, sent.inputs, (text) =>
      findOrStoreFile(text, c, deps, viewerOf(c, deps)),
    )
    const submitted = {
      ...sent,
      inputs: own.inputs,
      kept: [...sent.kept, ...own.kept, ...(share?.prediction.files ?? [])],
    }

    const id = sent.beside || sent.from
    const read = () => resultBeside(c, deps, panels, model, id)
    const beside = { id, read, choice: submitted }
    if (submitted.pressed) {
      const changed = await pressButton(c, deps, model, submitted)
      const occasion = submitted.pressed.action === 'resume' ? 'resumed' : 'changed'
      return sendForm(c, deps, model, changed, beside, occasion)
    }
    const answer = await accept(c, deps, model, submitted, share !== null)
    if ('form' in answer) return sendForm(c, deps, model, answer, beside)
    const made = (await runner.settledWithin(answer.id, waitMs)) ?? answer
    const maySee = may(viewerOf(c, deps), 'see', { model })
    const address = maySee ? paths.workspace(made.model, made.id) : paths.prediction(made.id)
    const opensAt = made.continues === null ? 'result' : turnPromptId
    if (!isPartial(c)) return c.redirect(`${address}#${opensAt}`, 303)
    c.header('HX-Push-Url', address)
    const panel = await panels.props(c, made)
    return fragment(
      c,
      deps,
      <RunAnswer
        {...panel}
        earlier={await earlierTurns(c, deps, panel.schema, made)}
        actions={await viewerActions(c, deps, made)}
        quota={await quotaUsed(c, deps)}
        formKey={deps.newId()}
        lastRuns={await lastRuns(c, deps, made.model, made.id)}
      />,
    )
  })
}

/** Whether what was sent is to run in the version that it names, also when that is an earlier one. */
function isForVersion({ isPinned, from, continues }: SubmittedForm): boolean {
  return isPinned || from !== '' || continues !== ''
}

async function accept(
  c: Context,
  deps: Deps,
  model: Model,
  submitted: SubmittedForm,
  byShare: boolean,
): Promise<Prediction | FormState> {
  const before = await continuedBy(c, deps, submitted)
  const pressed = await pressedOn(c, deps, submitted)
  const earlier = pressed ?? before
  const turn = submitted.continues === '' ? submitted : nextTurn(model, submitted, before)
  if ('form' in turn) return turn
  const wanted = pressed ? inputOf(pressed) : readRunInput(deps, model, turn)
  const isAllowed = byShare || may(viewerOf(c, deps), 'run', { model })
  if ('status' in wanted) return isAllowed ? wanted : { ...wanted, ...mayNotRun }
  const form = fillForm(model.version.schema, wanted.input, wanted.files)
  if (!isAllowed) return { ...mayNotRun, form }
  const refused = whyNotRun(model, { ...submitted, input: wanted.input })
  const late = refused ?? (await whyTooOften(c, deps))
  if (late) return { ...late, form }
  const viewer = ensureViewer(c, deps)
  const continues = earlier
    ? (before?.id ?? earlier.continues)
    : await changedTurnOf(c, deps, model, submitted, wanted.input)
  const madeFor = madeForIn(deps, viewer, submitted, earlier)
  if (!madeFor) return { status: 422, form, problem: notMember(submitted) }
  const started = await deps.runner.start({
    ...wanted,
    ...madeFor,
    // What was private is not shown by going on from it.
    ...(before?.visibility === 'private' ? { visibility: 'private' as const } : {}),
    model,
    continues,
    createdBy: viewer.id,
    quota: await deps.runner.quotaOf(viewer),
    source: 'web',
    formKey: pressKey(submitted, viewer.id),
  })
  return started.ok ? started.prediction : { ...notStarted(started, deps.now()), form }
}

const mayNotRun = {
  status: 403,
  problem: 'You may see this model, but not run it. Nothing was run.',
} as const

function notMember({ account }: SubmittedForm): string {
  return `You do not act for ${account}, or no longer. Choose another account, then press Run.`
}

/** The idempotency key of a press on Run. Run again has no form with a key: its prediction and viewer make one. */
function pressKey({ key, from }: SubmittedForm, viewer: string): string | null {
  if (isId(key)) return key
  return isId(from) ? `${from}-${viewer}` : null
}

/** The prediction that Run again was pressed on; null when it was not. */
async function pressedOn(c: Context, deps: Deps, { from }: SubmittedForm) {
  const earlier = isId(from) ? await deps.runner.find(from) : null
  return earlier && mayWith(deps, viewerOf(c, deps), 'see', earlier) ? earlier : null
}

function inputOf({ input, files }: Prediction): RunInput {
  return { input, files }
}
