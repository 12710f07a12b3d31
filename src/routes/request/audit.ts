import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { type AuditAction, type AuditEntry, newAuditEntry } from '../../domain/people/audit.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { clientAddress } from './connection.ts'
import { viewerOf } from './viewer.ts'

type Stated = Partial<Pick<AuditEntry, 'subjectOwner' | 'outcome' | 'detail'>>

declare module 'hono' {
  interface ContextVariableMap {
    /** Id of the personal API token that was sent. */
    personalToken?: string
  }
}

/**
 * The entry of the audit log for what a request does, for `store.recording`. `subject`: `p/ID`,
 * `owner/name`, `collections/SLUG`, a handle or the name of a setting.
 */
export function auditEntry(
  c: Context,
  deps: Deps,
  action: AuditAction,
  subject: string,
  stated: Stated = {},
): AuditEntry {
  const ofApi: Viewer | undefined = c.get('viewer')
  const viewer = ofApi ?? viewerOf(c, deps)
  return newAuditEntry({
    id: deps.newId(),
    at: deps.now(),
    actor: viewer.id,
    actorName: auditNameOf(viewer),
    via: ofApi ? 'api' : 'page',
    address: clientAddress(c, deps),
    token: c.get('personalToken') ?? null,
    action,
    subject,
    ...stated,
  })
}

/** The same for a prediction, with the account that it was made for where that is somebody else’s. */
export function predictionEntry(
  c: Context,
  deps: Deps,
  action: AuditAction,
  { id, account }: Pick<Prediction, 'id' | 'account'>,
  detail = '',
): AuditEntry {
  return subjectEntry(c, deps, action, { subject: `p/${id}`, account }, detail)
}

/** The same for anything that was made for an account. */
export function subjectEntry(
  c: Context,
  deps: Deps,
  action: AuditAction,
  { subject, account }: { readonly subject: string; readonly account: string },
  detail = '',
): AuditEntry {
  const entry = auditEntry(c, deps, action, subject, { detail })
  const isOwn = account === '' || account === entry.actor
  return isOwn ? entry : { ...entry, subjectOwner: account }
}

/** How the audit log calls a viewer. */
export function auditNameOf({ kind, id, namespaces }: Viewer): string {
  if (kind === 'person') return namespaces[0] ?? id
  return kind === 'browser' && id !== 'this-machine' ? 'a browser' : id
}
