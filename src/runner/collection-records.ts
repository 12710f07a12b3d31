import type { CollectionRecord } from '../domain/model/collection.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Store } from '../store/store.ts'
import { openBook } from './book.ts'
import { recorded } from './recorded.ts'

/** The collections that operators put together, in memory. Changes are audited with an entry. */
export interface CollectionRecords {
  /** In the order in which they were made. */
  all(): readonly CollectionRecord[]
  find(slug: string): CollectionRecord | null
  /**
   * Makes a collection, or changes it if its revision is still this one, 0 for a new one; otherwise
   * changes nothing and resolves with false. Resolves when it is on disk. It takes effect then.
   */
  save(content: CollectionContent, revision: number, entry?: AuditEntry): Promise<boolean>
  /** False when there was none. */
  remove(slug: string, entry?: AuditEntry): Promise<boolean>
  /** Reads all again, which another replica may have changed. */
  refresh(): Promise<void>
}

type CollectionContent = Pick<CollectionRecord, 'slug' | 'title' | 'summary' | 'models'>

export async function openCollectionRecords(
  store: Store,
  now: () => number,
): Promise<CollectionRecords> {
  const records = await openBook(
    () => store.collections(),
    ({ slug }) => slug,
  )

  return {
    all: records.all,
    find: records.find,
    async save(content, revision, entry) {
      const before = records.find(content.slug)
      if ((before?.revision ?? 0) !== revision) return false
      const updatedAt = now()
      const createdAt = before?.createdAt ?? updatedAt
      const record = { ...content, revision: revision + 1, createdAt, updatedAt }
      const saved = await recorded(store, entry).saveCollection(record, revision)
      if (saved) records.set(record)
      else await records.refresh()
      return saved
    },
    async remove(slug, entry) {
      const removed = await recorded(store, entry).removeCollection(slug)
      records.delete(slug)
      return removed
    },
    async refresh() {
      await records.refresh()
    },
  }
}
