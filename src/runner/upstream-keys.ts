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
  /**
   * A key that was typed for `where` and is not saved yet, encrypted for the page that goes on with it. It holds
   * for an hour, and for that text alone.
   */
  hold(where: string, key: string): string
  /** The key in what `hold` gave for the same text; null when it is over, or was changed. */
  held(where: string, text: string): string | null
  /** All that were given, in the order of their addresses. */
  all(): readonly UpstreamKey[]
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
    all: keys.all,
    hold: (where, key) => seal.close([now(), where, key].join('\n')),
    held(where, text) {
      const [at, typedWhere, key] = seal.open(text)?.split('\n', 3) ?? []
      const holds = typedWhere === where && now() - Number(at) <= heldMs
      return (holds && key) || null
    },
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

const heldMs = 60 * 60 * 1000
