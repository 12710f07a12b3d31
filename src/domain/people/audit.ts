/**
 * The actions that the audit log has, each with its words on `/settings/audit`. `looked at` is an operator’s
 * look at what is private to others.
 */
export const auditActions = {
  'signed in': 'signed in',
  'sign-in refused': 'tried to sign in',
  'signed out': 'signed out',
  'token made': 'made a token',
  'token used first': 'used a token for the first time',
  'token revoked': 'revoked a token',
  'person changed': 'changed a person',
  'access given': 'gave access',
  'access taken': 'took access',
  'model added': 'added a model',
  'model changed': 'changed a model',
  'model removed': 'removed a model',
  'upstream key changed': 'changed the key of an upstream',
  'collection changed': 'changed a collection',
  'deployment changed': 'changed a deployment',
  'share made': 'made a share link',
  'share opened first': 'opened a share link for the first time',
  'share ended': 'ended a share link',
  'embed made': 'made an embed link',
  'embed ended': 'ended an embed link',
  'prediction changed': 'changed a prediction',
  'prediction deleted': 'deleted a prediction',
  'file deleted': 'deleted a file',
  'looked at': 'looked at something private',
  exported: 'exported',
  'data removed': 'removed data',
} as const
export type AuditAction = keyof typeof auditActions

/** Actions that belong together, for the filter of `/settings/audit`. */
export const auditGroups: Readonly<Record<string, readonly AuditAction[]>> = {
  'Signing in': ['signed in', 'sign-in refused', 'signed out'],
  Models: [
    ...(['model added', 'model changed', 'model removed'] as const),
    ...(['collection changed', 'deployment changed', 'upstream key changed'] as const),
  ],
  People: ['person changed', 'access given', 'access taken', 'looked at'],
  'Shares and tokens': [
    ...(['token made', 'token used first', 'token revoked'] as const),
    ...(['share made', 'share opened first', 'share ended'] as const),
    ...(['embed made', 'embed ended'] as const),
  ],
  'Deletions and exports': [
    ...(['prediction deleted', 'file deleted', 'data removed', 'exported'] as const),
  ],
}

/** One action in the audit log. It never holds inputs or outputs. */
export interface AuditEntry {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Account of who did it; empty when they are not known. */
  readonly actor: string
  /** Their handle or name at that time. */
  readonly actorName: string
  /** Through a page, the API, or the server itself. */
  readonly via: 'page' | 'api' | 'server'
  /** The network address they came from; empty for the server itself. */
  readonly address: string
  /** Id of the personal API token that was used; null without one. */
  readonly token: string | null
  readonly action: AuditAction
  /** `p/ID`, `owner/name`, a handle or the name of a setting. */
  readonly subject: string
  /** Account that owns the subject, where that is somebody else; null otherwise. */
  readonly subjectOwner: string | null
  readonly outcome: 'done' | 'refused'
  /** One line more: the new role, the reason of a refusal. Empty for none. */
  readonly detail: string
}

type Given = 'id' | 'at' | 'actor' | 'actorName' | 'via' | 'action' | 'subject'

/** An entry of what was done, without a token and without anything more to say unless that is given. */
export function newAuditEntry(given: Pick<AuditEntry, Given> & Partial<AuditEntry>): AuditEntry {
  return { address: '', token: null, subjectOwner: null, outcome: 'done', detail: '', ...given }
}
