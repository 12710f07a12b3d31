import type { AuditEntry } from '../domain/people/audit.ts'
import type { RecordedChanges, Store } from '../store/store.ts'

/** The store for one change, with an entry of the audit log where there is one. */
export function recorded(store: Store, entry: AuditEntry | undefined): RecordedChanges {
  return entry ? store.recording(entry) : store
}
