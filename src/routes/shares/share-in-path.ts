import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { endOf, type Share, type ShareEnd } from '../../domain/people/share.ts'
import { nobody, type Viewer } from '../../domain/people/viewer.ts'
import { mayRunBy, opensFor, shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { isAuthenticated, viewerOf } from '../request/viewer.ts'

/** A share link that opens for who sent it. */
export interface OpenShare {
  readonly is: 'open'
  readonly share: Share
  readonly token: string
  readonly prediction: Prediction
  readonly viewer: Viewer
  /** Whether they may run the model with it, even a private one. */
  readonly mayRun: boolean
}

/** A share link that is over; `at` is null where the operator turned links off. */
export interface EndedShare {
  readonly is: 'over'
  readonly at: number | null
  readonly why: ShareEnd | 'expired' | 'off'
}

export type FoundShare =
  | OpenShare
  | EndedShare
  | { readonly is: 'sign in' }
  | { readonly is: 'missing' }

/** The share of the token in the path, for who sends the request. */
export function shareInPath(c: Context, deps: Deps): Promise<FoundShare> {
  return findShare(deps, openerOf(c, deps), c.req.param('token') ?? '')
}

/** Who opens a link: those who are not signed in are nobody. */
export function openerOf(c: Context, deps: Deps): Viewer {
  return isAuthenticated(c, deps) ? viewerOf(c, deps) : nobody
}

export async function findShare(deps: Deps, viewer: Viewer, token: string): Promise<FoundShare> {
  const share = isId(token) ? await deps.store.findShare(deps.shareLinks.hashOf(token)) : null
  if (!share) return { is: 'missing' }
  const { shares: rule } = deps.config
  if (rule === 'off') return { is: 'over', at: null, why: 'off' }
  const answer = opensFor(viewer, share, rule)
  if (answer === 'hidden') return { is: 'missing' }
  const end = endOf(share, deps.now())
  if (end) return { is: 'over', ...end }
  if (answer === 'sign in') return { is: 'sign in' }
  const prediction = await deps.runner.find(share.prediction)
  if (!prediction) return { is: 'missing' }
  const shown = shownTo(nobody, prediction)
  return { is: 'open', share, token, prediction: shown, viewer, mayRun: mayRunBy(viewer, share) }
}
