import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Grant } from '../domain/people/grant.ts'
import type { Store } from '../store/store.ts'

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
}

const none: readonly Grant[] = []

export async function openModelAccess(store: Store): Promise<ModelAccess> {
  let byModel: ReadonlyMap<string, readonly Grant[]> = new Map()
  let changes = 0
  await read()

  async function read(): Promise<void> {
    byModel = Map.groupBy(await store.grants(), ({ model }) => modelName(model))
    changes++
  }

  return {
    of: (ref) => byModel.get(modelName(ref)) ?? none,
    changes: () => changes,
    async give(grant, entry) {
      await store.recording(entry).saveGrant(grant)
      await read()
    },
    async take(grant, entry) {
      const taken = await store.recording(entry).removeGrant(grant)
      await read()
      return taken
    },
  }
}
