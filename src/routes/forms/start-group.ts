import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isId } from '../../domain/id.ts'
import { lacksSecrets } from '../../domain/schema/secrets.ts'
import type { GroupRequest } from '../../runner/groups/plan.ts'
import { ensureViewer } from '../request/viewer.ts'
import { madeForIn } from './run-choice.tsx'
import type { SentForm } from './sent-form.ts'
import { choiceIn, type SentChoice } from './submission.ts'
import { whyTooOften } from './too-often.ts'

/** Why no group was made, as a sentence about the whole form. */
export interface GroupNotStarted {
  readonly status: 422 | 429
  readonly problem: string
  readonly advice?: string
  /** Seconds until Run may be pressed again. */
  readonly retryAfter?: number
}

/** Makes a group of runs whose inputs are valid, for the account that the form says. */
export async function startGroup(
  c: Context,
  deps: Deps,
  sent: SentForm,
  request: Pick<GroupRequest, 'kind' | 'title' | 'axes' | 'runs'>,
): Promise<{ readonly group: RunGroup } | GroupNotStarted> {
  const { runs } = request
  if (runs.some(({ model, input }) => lacksSecrets(model.version.schema, input)))
    return { status: 422, problem: 'Secrets are not saved. Enter them again, then press Run' }
  const pressed = await whoPressed(c, deps, sent.text('key'), choiceIn(sent))
  if ('problem' in pressed) return pressed
  return { group: await deps.runner.groups.start({ ...request, ...pressed }) }
}

/** Who asks for a group on a page, and for which account; or why they may not now. */
export async function whoPressed(
  c: Context,
  deps: Deps,
  key: string,
  choice: SentChoice,
): Promise<Omit<GroupRequest, 'kind' | 'title' | 'axes' | 'runs'> | GroupNotStarted> {
  const viewer = ensureViewer(c, deps)
  const madeFor = madeForIn(deps, viewer, choice, null)
  if (!madeFor)
    return { status: 422, problem: `You do not act for ${choice.account}, or no longer` }
  const late = await whyTooOften(c, deps)
  if (late) return late
  return { ...madeFor, source: 'web', createdBy: viewer.id, formKey: isId(key) ? key : null }
}
