import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { may } from '../../domain/policy.ts'
import { viewerOf } from '../request/viewer.ts'

/**
 * What a form leads to that was opened by a share link. `token`: of that link; empty without one. `byShare`: see
 * `PredictionForm`. `isAlone`: whether the other pages of the model are not the viewer’s to see.
 */
export function waysFrom(c: Context, deps: Deps, model: Model, token: string) {
  if (token === '') return { byShare: undefined, isAlone: false }
  const viewer = viewerOf(c, deps)
  const byShare = may(viewer, 'run', { model }) ? undefined : deps.paths.shareForm(token)
  return { byShare, isAlone: !may(viewer, 'see', { model }) }
}
