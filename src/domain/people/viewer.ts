/** What a person may do on this server in general, from least to most. */
export const roles = ['viewer', 'member', 'operator'] as const
/**
 * `viewer`: sees what is public, and what is shared with them. `member`: runs models, keeps and shares
 * predictions, has tokens. `operator`: adds models, changes settings, sees everything.
 */
export type Role = (typeof roles)[number]

export const scopes = ['read', 'run', 'operate', 'metrics'] as const
/**
 * A right of an API token. `read`: what its person sees. `run`: create and cancel predictions and
 * uploads, too. `operate`: what an operator, or the owner of a namespace, may change. `metrics`: read
 * `/metrics` alone.
 */
export type Scope = (typeof scopes)[number]

/** The sender of a request, with all that decides about their rights. */
export interface Viewer {
  /**
   * Id of their own account. Stable for a browser (signed cookie), a person, or a token of the
   * environment. Empty for a visitor who is not known.
   */
  readonly id: string
  /** `person`: signed in. `browser`: known by a cookie alone. `machine`: a token of the environment. */
  readonly kind: 'person' | 'browser' | 'machine' | 'nobody'
  readonly role: Role
  /**
   * The owner names for which they act: a person's handle first, then those of their groups. A model
   * `owner/name` belongs to the owner name `owner`.
   */
  readonly namespaces: readonly string[]
  /** The rights of the token that was sent; null without one: all rights of the role. */
  readonly scopes: ReadonlySet<Scope> | null
}

/** A visitor who is not known, as the holder of a share link. */
export const nobody: Viewer = {
  id: '',
  kind: 'nobody',
  role: 'viewer',
  namespaces: [],
  scopes: null,
}

/** Whether they have a role or one above it. */
export function hasRole({ role }: Pick<Viewer, 'role'>, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

/** Whether the token that was sent, if any, has a right. */
export function hasScope({ scopes }: Pick<Viewer, 'scopes'>, scope: Scope): boolean {
  return scopes === null || scopes.has(scope)
}
