import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Grant } from '../domain/people/grant.ts'
import type { Store } from '../store/store.ts'
import { openBook } from './book.ts'

/** Access to private models that was given to people and groups, in memory. */
export interface ModelAccess {
  /** The same list while nothing changes. */
  of(ref: ModelRef): readonly Grant[]
  /** How often any of them has changed. */
  changes(): number
  /** Resolves when it is on disk. It takes effect then. */
  give(grant: Grant, entry: AuditEntry): Promise<void>
  /** False when there was none. */
  take(grant: Pick<Grant, 'model' | 'grantee'>, entry: AuditEntry): Promise<boolean>
  /** Reads all again, which another replica may have changed. */
  refresh(): Promise<void>
}

const none: readonly Grant[] = []

/** The name of a model, and its grants. */
type GrantsOfModel = readonly [name: string, grants: readonly Grant[]]

export async function openModelAccess(store: Store): Promise<ModelAccess> {
  const models = await openBook<GrantsOfModel>(
    async () => [...Map.groupBy(await store.grants(), ({ model }) => modelName(model))],
    ([name]) => name,
  )

  return {
    of: (ref) => models.find(modelName(ref))?.[1] ?? none,
    changes: models.changes,
    async give(grant, entry) {
      await store.recording(entry).saveGrant(grant)
      await models.refresh()
    },
    async take(grant, entry) {
      const taken = await store.recording(entry).removeGrant(grant)
      await models.refresh()
      return taken
    },
    async refresh() {
      await models.refresh()
    },
  }
}
