import type { Context } from 'hono'
import type { JudgementBoxProps } from '../../../views/judgement/judgement-box.tsx'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { isMadeFor, mayJudgeShared, mayOperate } from '../../domain/policy.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'

/**
 * Whether somebody may judge a prediction: by the rules for all predictions, or since a share link shows it to them,
 * and by the setting.
 */
export function mayJudge(
  deps: Deps,
  viewer: Viewer,
  prediction: Pick<Prediction, 'model' | 'createdBy' | 'account' | 'visibility'>,
  isShared = false,
): boolean {
  const { judges } = deps.config
  if (judges === 'off' || viewer.kind === 'nobody') return false
  const isTheirs = mayWith(deps, viewer, 'judge', prediction)
  if (!isTheirs && !(isShared && mayJudgeShared(viewer))) return false
  return judges === 'everyone' || isMadeFor(viewer, prediction) || mayOperate(viewer)
}

/** What people think of a prediction; null where nobody judges, and until it has settled. */
export async function judgementBox(
  c: Context,
  deps: Deps,
  prediction: Prediction,
): Promise<JudgementBoxProps | null> {
  if (deps.config.judges === 'off' || !isSettled(prediction)) return null
  const viewer = viewerOf(c, deps)
  const all = await deps.store.judgementsOf(prediction.id)
  const isOwn = ({ judge }: { readonly judge: string }) => viewer.id !== '' && judge === viewer.id
  const others = all.filter((one) => !isOwn(one))
  const names = hasPeople(deps.config)
    ? await deps.accountNames.among(others.map(({ judge }) => judge))
    : new Map<string, string>()
  return {
    prediction: prediction.id,
    may: mayJudge(deps, viewer, prediction),
    own: all.find(isOwn) ?? null,
    others: others.map(({ verdict, note, judge }) => ({
      verdict,
      note,
      name: names.get(judge) ?? null,
    })),
  }
}

/** The viewer's own judgement of a prediction that a share link shows; null where they may not judge it. */
export async function sharedJudgementBox(
  deps: Deps,
  viewer: Viewer,
  prediction: Prediction,
): Promise<JudgementBoxProps | null> {
  if (!isSettled(prediction) || !mayJudge(deps, viewer, prediction, true)) return null
  const own = await deps.store.judgementsBy(viewer.id, [prediction.id])
  return {
    prediction: prediction.id,
    may: true,
    own: own.get(prediction.id) ?? null,
    // What others wrote was not shared.
    others: [],
  }
}
