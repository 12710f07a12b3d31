import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isId } from '../../domain/id.ts'
import { endOf, type Share, type SharedThing, type ShareEnd } from '../../domain/people/share.ts'
import { nobody, type Viewer } from '../../domain/people/viewer.ts'
import { mayRunBy, opensFor, shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { type Paths, sharedGroupPaths, sharedPaths } from '../../paths.ts'
import { openerOf } from '../request/viewer.ts'

interface Opened {
  readonly share: Share
  readonly token: string
  readonly viewer: Viewer
  /** The addresses below the link. */
  readonly paths: Paths
}

/** A prediction that a share link shows to who sent it. */
export interface OpenShare extends Opened {
  readonly is: 'open'
  readonly prediction: Prediction
  /** The group that is shared, where the prediction is shown as one of it; else null. */
  readonly group: RunGroup | null
  /** Whether they may run the model with it, even a private one. */
  readonly mayRun: boolean
}

/** A group of runs that a share link shows to who sent it. */
export interface OpenGroup extends Opened {
  readonly is: 'open group'
  readonly group: RunGroup
}

/** A share link that is over; `at` is null where the operator turned links off. */
export interface EndedShare {
  readonly is: 'over'
  readonly at: number | null
  readonly why: ShareEnd | 'expired' | 'off'
  readonly kind: SharedThing['kind']
}

export type ClosedShare = EndedShare | { readonly is: 'sign in' } | { readonly is: 'missing' }

export type FoundShare = OpenShare | OpenGroup | ClosedShare

/**
 * What the token in the path shows to who sends the request: where the path names a prediction, that one of a
 * shared group.
 */
export function shareInPath(c: Context, deps: Deps): Promise<FoundShare> {
  return findShare(deps, openerOf(c, deps), c.req.param('token') ?? '', memberInPath(c))
}

/** The prediction of a group in a path below a share link; null when it names none. */
export function memberInPath(c: Context): string | null {
  return c.req.param('id') ?? null
}

/** `member`: a prediction of the group that is shared; null for all that is shared. */
export async function findShare(
  deps: Deps,
  viewer: Viewer,
  token: string,
  member: string | null = null,
): Promise<FoundShare> {
  const share = isId(token) ? await deps.store.findShare(deps.shareLinks.hashOf(token)) : null
  if (!share) return { is: 'missing' }
  const { shares: rule } = deps.config
  const { kind } = share.of
  if (rule === 'off') return { is: 'over', at: null, why: 'off', kind }
  const answer = opensFor(viewer, share, rule)
  if (answer === 'hidden') return { is: 'missing' }
  const end = endOf(share, deps.now())
  if (end) return { is: 'over', ...end, kind }
  if (answer === 'sign in') return { is: 'sign in' }
  const opened = { share, token, viewer }
  if (kind === 'group') return openGroup(deps, opened, member)
  return member === null ? openPrediction(deps, opened) : { is: 'missing' }
}

async function openPrediction(deps: Deps, opened: Omit<Opened, 'paths'>): Promise<FoundShare> {
  const { share, token, viewer } = opened
  const prediction = await deps.runner.find(share.of.id)
  if (!prediction) return { is: 'missing' }
  return {
    ...opened,
    is: 'open',
    prediction: shownTo(nobody, prediction),
    group: null,
    paths: sharedPaths(deps.paths, token),
    mayRun: mayRunBy(viewer, share),
  }
}

async function openGroup(
  deps: Deps,
  opened: Omit<Opened, 'paths'>,
  member: string | null,
): Promise<FoundShare> {
  const group = await deps.store.findGroup(opened.share.of.id)
  if (!group) return { is: 'missing' }
  const paths = sharedGroupPaths(deps.paths, opened.token)
  if (member === null) return { ...opened, is: 'open group', group, paths }
  const prediction = isId(member) ? await deps.runner.find(member) : null
  if (prediction?.group?.id !== group.id) return { is: 'missing' }
  const shown = shownTo(nobody, prediction)
  return { ...opened, is: 'open', prediction: shown, group, paths, mayRun: false }
}
