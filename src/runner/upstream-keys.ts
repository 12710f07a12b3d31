import type { UpstreamKey } from '../domain/model/upstream-key.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'
import { openBook } from './book.ts'
import { recorded } from './recorded.ts'

/** The keys of upstreams that operators gave. They can be replaced, and never read on a page. */
export interface UpstreamKeys {
  /** The key to send to an address; null when none was given, or the secret of this server has changed. */
  of(address: string): string | null
  /** Who gave the key of an address, and when; null when none was given. */
  find(address: string): UpstreamKey | null
  /** Creates or replaces the key of an address. Resolves when it is on disk. It takes effect then. */
  save(address: string, key: string, by: string, entry?: AuditEntry): Promise<void>
  /** False when there was none. */
  remove(address: string, entry?: AuditEntry): Promise<boolean>
  /** Reads all again, which another replica may have changed. */
  refresh(): Promise<void>
}

export async function openUpstreamKeys(
  store: Store,
  seal: Seal,
  now: () => number,
): Promise<UpstreamKeys> {
  const keys = await openBook(
    () => store.upstreamKeys(),
    ({ address }) => address,
  )
  return {
    of(address) {
      const key = keys.find(address)
      return key && seal.open(key.sealed)
    },
    find: keys.find,
    async save(address, key, by, entry) {
      const saved = { address, sealed: seal.close(key), updatedAt: now(), updatedBy: by }
      await recorded(store, entry).saveUpstreamKey(saved)
      keys.set(saved)
    },
    async remove(address, entry) {
      const removed = await recorded(store, entry).removeUpstreamKey(address)
      keys.delete(address)
      return removed
    },
    async refresh() {
      await keys.refresh()
    },
  }
}
