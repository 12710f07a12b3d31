/** Who is asking. */
export interface Viewer {
  /** Stable for a browser (signed cookie), a person (authentication) or a token. */
  readonly id: string
  /** The person who runs this Sandpit: someone on the machine itself, while there is no authentication. */
  readonly operator: boolean
}

export type Action = 'see' | 'cancel' | 'share' | 'show as example' | 'delete' | 'change settings'

/** What the action is done to; only what decides is asked for. */
export interface Subject {
  readonly createdBy: string
  readonly visibility: 'public' | 'private'
}

/** The one place that decides who may do what. */
export function may(viewer: Viewer, action: Action, thing: Subject): boolean {
  if (viewer.operator || viewer.id === thing.createdBy) return true
  return action === 'see' && thing.visibility === 'public'
}
