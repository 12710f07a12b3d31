import { type EditedFields, type ModelEdit, noFields } from '../domain/model/edit.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Store } from '../store/store.ts'
import { openBook } from './book.ts'
import { recorded } from './recorded.ts'

/** The edits that operators made of models, in memory. */
export interface ModelEdits {
  find(ref: ModelRef): ModelEdit | null
  all(): Iterable<ModelEdit>
  /** How often any of them has changed. */
  changes(): number
  /** The edit of a model; an empty one at revision 0 when it was never edited. */
  of(ref: ModelRef): ModelEdit
  /**
   * Changes fields of the edit if its revision is still this one; otherwise changes nothing and
   * resolves with false. Resolves when it is on disk. It takes effect then.
   */
  save(ref: ModelRef, changes: Partial<EditedFields>, by: Editor): Promise<boolean>
  /** False when there was none. */
  remove(ref: ModelRef, entry?: AuditEntry): Promise<boolean>
  /** Reads all again, which another replica may have changed. */
  refresh(): Promise<void>
}

export interface Editor {
  /** Id of the viewer. */
  readonly viewer: string
  /** The revision that they saw. */
  readonly revision: number
  /** For the audit log. */
  readonly entry?: AuditEntry | undefined
}

export async function openModelEdits(store: Store, now: () => number): Promise<ModelEdits> {
  const edits = await openBook(
    () => store.modelEdits(),
    (one) => modelName(one.ref),
  )
  const find = (ref: ModelRef) => edits.find(modelName(ref))

  function of(ref: ModelRef): ModelEdit {
    return find(ref) ?? { ref, fields: noFields, revision: 0, updatedAt: now(), updatedBy: '' }
  }

  return {
    find,
    all: edits.all,
    changes: edits.changes,
    of,
    async save(ref, changes, { viewer, revision, entry }) {
      const before = of(ref)
      if (before.revision !== revision) return false
      const edit = {
        ref,
        fields: { ...before.fields, ...changes },
        revision: revision + 1,
        updatedAt: now(),
        updatedBy: viewer,
      }
      const saved = await recorded(store, entry).saveModelEdit(edit, revision)
      if (saved) edits.set(edit)
      else await edits.refresh()
      return saved
    },
    async remove(ref, entry) {
      const removed = await recorded(store, entry).removeModelEdit(ref, now())
      edits.delete(modelName(ref))
      return removed
    },
    async refresh() {
      await edits.refresh()
    },
  }
}
