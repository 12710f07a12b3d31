/**
 * The one place that decides who may do what.
 * @module
 */

import type { Webhook } from './prediction/webhook.ts'

/** The person or program that sends a request. */
export interface Viewer {
  /** Stable for a browser (signed cookie), a person (authentication) or a token. */
  readonly id: string
  /**
   * Whether they operate this Sandpit: a viewer on the machine itself while there is no
   * authentication, one who is named as an operator, or one with the password or a token.
   */
  readonly operator: boolean
}

export type Action = 'see' | 'cancel' | 'share' | 'show as example' | 'see deliveries' | 'delete'

/** The object of an action, as far as it decides whether the action is allowed. */
export interface Subject {
  readonly createdBy: string
  readonly visibility: 'public' | 'private'
}

/** Whether a viewer may take an action on a prediction. An empty id owns nothing. */
export function may(viewer: Viewer, action: Action, thing: Subject): boolean {
  if (viewer.operator || (viewer.id !== '' && viewer.id === thing.createdBy)) return true
  return action === 'see' && thing.visibility === 'public'
}

/** The viewer of a share link, who may see the prediction as any viewer. */
export const linkHolder: Viewer = { id: '', operator: false }

/**
 * The prediction as a viewer may see it: without its webhook for those who may not see deliveries.
 */
export function shownTo<Thing extends Subject & { readonly webhook: Webhook | null }>(
  viewer: Viewer,
  thing: Thing,
): Thing {
  const isWhole = thing.webhook === null || may(viewer, 'see deliveries', thing)
  return isWhole ? thing : { ...thing, webhook: null }
}

/** Whether someone may see a model, in lists too, and run it. */
export function mayUse(viewer: Viewer, { visibility }: Pick<Subject, 'visibility'>): boolean {
  return visibility === 'public' || viewer.operator
}

/** Whether someone may add models, and change how they are run. */
export function mayOperate(viewer: Viewer): boolean {
  return viewer.operator
}
