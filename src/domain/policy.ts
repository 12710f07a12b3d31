/**
 * The one place that decides who may do what.
 * @module
 */

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

/** What the action is done to; only what decides is asked for. */
export interface Subject {
  readonly createdBy: string
  readonly visibility: 'public' | 'private'
}

/** Whether someone may do that to a prediction. */
export function may(viewer: Viewer, action: Action, thing: Subject): boolean {
  if (viewer.operator || viewer.id === thing.createdBy) return true
  return action === 'see' && thing.visibility === 'public'
}

/** Whether someone may add models, and change how they are run. */
export function mayOperate(viewer: Viewer): boolean {
  return viewer.operator
}
