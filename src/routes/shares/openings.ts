import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { Share } from '../../domain/people/share.ts'
import { auditEntry } from '../request/audit.ts'
import { clientAddress } from '../request/connection.ts'
import type { OpenGroup, OpenShare } from './share-in-path.ts'

/** A viewer who opens a link again within this is not counted again. */
const againMs = 60_000
const mostKnown = 10_000

/** Counts how often share links are opened. The first opening is in the audit log. */
export function createOpenings(deps: Deps) {
  const { store, now, log } = deps
  const last = new LRUCache<string, number>({ max: mostKnown })

  async function keep(share: Share, entry: ReturnType<typeof auditEntry>): Promise<void> {
    const at = now()
    const isFirst =
      share.opens === 0 && (await store.recording(entry).openShare(share.id, at, true))
    if (!isFirst) await store.openShare(share.id, at, false)
  }

  return {
    count(c: Context, { share, viewer }: OpenShare | OpenGroup): void {
      const key = `${share.id} ${viewer.id || clientAddress(c, deps)}`
      if (now() - (last.get(key) ?? Number.NEGATIVE_INFINITY) < againMs) return
      last.set(key, now())
      const by = { subjectOwner: share.createdBy === viewer.id ? null : share.createdBy }
      const subject = `${share.of.kind === 'group' ? 'g' : 'p'}/${share.of.id}`
      const entry = auditEntry(c, deps, 'share opened first', subject, by)
      keep(share, entry).catch((error) => log.error({ error }, 'An opening was not counted'))
    },
  }
}
