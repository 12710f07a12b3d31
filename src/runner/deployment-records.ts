import type { Deployment } from '../domain/model/deployment.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Store } from '../store/store.ts'
import { openBook } from './book.ts'
import { recorded } from './recorded.ts'

/** All deployments, in memory. Changes are audited with an entry. */
export interface DeploymentRecords {
  /** In the order in which they were created. */
  all(): readonly Deployment[]
  find(ref: ModelRef): Deployment | null
  /**
   * Saves the first release of a new deployment, or the next one: resolves when it is on disk, and it
   * takes effect then. Changes nothing and resolves with false when another was saved meanwhile.
   */
  save(deployment: Deployment, entry?: AuditEntry): Promise<boolean>
  /** False when there was none. */
  remove(ref: ModelRef, entry?: AuditEntry): Promise<boolean>
  /** Calls back after each change, with the model that the deployment runs. */
  listen(listener: (model: ModelRef) => void): void
  /** Reads all again, which another replica may have changed. */
  refresh(): Promise<void>
}

export async function openDeploymentRecords(store: Store): Promise<DeploymentRecords> {
  const deployments = await openBook(
    () => store.deployments(),
    ({ ref }) => modelName(ref),
  )
  const listeners = new Set<(model: ModelRef) => void>()

  const find = (ref: ModelRef) => deployments.find(modelName(ref))

  function changed({ current }: Deployment): void {
    for (const listener of listeners) listener(current.model)
  }

  return {
    all: deployments.all,
    find,
    async save(deployment, entry) {
      if (!(await recorded(store, entry).saveDeployment(deployment))) return false
      deployments.set(deployment)
      changed(deployment)
      return true
    },
    async remove(ref, entry) {
      const before = find(ref)
      const removed = await recorded(store, entry).removeDeployment(ref)
      deployments.delete(modelName(ref))
      if (before) changed(before)
      return removed
    },
    listen: (listener) => void listeners.add(listener),
    async refresh() {
      for (const one of await deployments.refresh()) changed(one)
    },
  }
}
