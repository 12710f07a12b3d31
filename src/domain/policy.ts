/**
 * The one place that decides who may do what.
 * @module
 */

import type { Webhook } from './prediction/webhook.ts'

/** Who is asking. */
export interface Viewer {
  /** Stable for a browser (signed cookie), a person (authentication) or a token. */
  readonly id: string
  /**
   * Whether they run this Sandpit: someone on the machine itself while there is no authentication,
   * someone named as an operator, or whoever knows the one password or a token.
   */
  readonly operator: boolean
}

export type Action = 'see' | 'cancel' | 'share' | 'show as example' | 'see deliveries' | 'delete'

/** The object of an action, as far as it decides whether the action is allowed. */
export interface Subject {
  readonly createdBy: string
  readonly visibility: 'public' | 'private'
}

/** Whether someone may do that to a prediction. Nobody in particular made nothing. */
export function may(viewer: Viewer, action: Action, thing: Subject): boolean {
  if (viewer.operator || (viewer.id !== '' && viewer.id === thing.createdBy)) return true
  return action === 'see' && thing.visibility === 'public'
}

/** Who has a share link, and may see by it what anybody may who sees the prediction at all. */
export const linkHolder: Viewer = { id: '', operator: false }

/** What someone sees of a prediction, however it is written: whom it tells is for those who may see deliveries. */
export function shownTo<Thing extends Subject & { readonly webhook: Webhook | null }>(
  viewer: Viewer,
  thing: Thing,
): Thing {
  const isWhole = thing.webhook === null || may(viewer, 'see deliveries', thing)
  return isWhole ? thing : { ...thing, webhook: null }
}

/** Whether someone may add models, and change how they are run. */
export function mayOperate(viewer: Viewer): boolean {
  return viewer.operator
}
