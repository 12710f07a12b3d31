import { type ModelRecord, noSettings } from '../domain/model/record.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Store } from '../store/store.ts'
import { openBook } from './book.ts'
import { recorded } from './recorded.ts'

/** The records that operators keep of models, in memory. Changes are audited with an entry. */
export interface ModelRecords {
  /** In the order in which they were added. */
  all(): readonly ModelRecord[]
  find(ref: ModelRef): ModelRecord | null
  /** The record of a model; an empty one when it has none. */
  of(ref: ModelRef): ModelRecord
  /** Resolves when it is on disk. It takes effect then. */
  save(record: ModelRecord, entry?: AuditEntry): Promise<void>
  /** False when there was none. */
  remove(ref: ModelRef, entry?: AuditEntry): Promise<boolean>
  /** Calls back after each change, with its model. */
  listen(listener: (ref: ModelRef) => void): void
  /** Reads all again, which another replica may have changed. */
  refresh(): Promise<void>
}

export async function openModelRecords(store: Store, now: () => number): Promise<ModelRecords> {
  const records = await openBook(
    () => store.models(),
    (one) => modelName(one.ref),
  )
  const listeners = new Set<(ref: ModelRef) => void>()

  function changed(ref: ModelRef): void {
    for (const listener of listeners) listener(ref)
  }

  function find(ref: ModelRef): ModelRecord | null {
    return records.find(modelName(ref))
  }

  return {
    all: records.all,
    find,
    of(ref) {
      const at = now()
      const empty = { source: null, hardware: null, settings: noSettings }
      return find(ref) ?? { ref, ...empty, createdAt: at, updatedAt: at }
    },
    async save(record, entry) {
      const saved = { ...record, updatedAt: now() }
      await recorded(store, entry).saveModel(saved)
      records.set(saved)
      changed(record.ref)
    },
    async remove(ref, entry) {
      const removed = await recorded(store, entry).removeModel(ref)
      records.delete(modelName(ref))
      changed(ref)
      return removed
    },
    listen: (listener) => void listeners.add(listener),
    async refresh() {
      for (const { ref } of await records.refresh()) changed(ref)
    },
  }
}
