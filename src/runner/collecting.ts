import type { Differences } from '../files/drawings/differences.ts'
import type { Thumbnails } from '../files/drawings/thumbnails.ts'
import type { Files } from '../files/files.ts'
import type { Locks } from '../locks/locks.ts'
import type { Store } from '../store/store.ts'
import { collectEntries, collectFiles } from './collection.ts'
import type { Log } from './options.ts'
import { type RetentionParts, removeOldData } from './retention.ts'

interface Parts extends RetentionParts {
  readonly store: Store
  readonly files: Files
  readonly thumbnails: Pick<Thumbnails, 'collect'>
  readonly differences: Pick<Differences, 'collect'>
  readonly config: RetentionParts['config'] & { readonly auditMs: number }
  readonly locks: Pick<Locks, 'alone'>
  readonly log: Log
}

/** A session that has just ended is still known as one, so that its person need not see a page. */
const endedSessionsMs = 24 * 60 * 60_000

/** Removes the data of predictions that have been kept long enough; what a crash left of it at the next start. */
export function removeOld(parts: Pick<Parts, keyof RetentionParts | 'locks' | 'log'>): void {
  const { locks, log } = parts
  locks
    .alone('retention', async () => {
      const removed = await removeOldData(parts, Date.now())
      if (removed > 0) log.info({ removed }, 'Removed the data of old predictions')
    })
    .catch((error) => log.error({ error }, 'Old data could not be removed'))
}

/**
 * Removes the files that have had no references for a day, data of predictions and entries of the audit log
 * that have been kept long enough, and sessions that ended a day ago: each by one replica at a time. Drawings are
 * those of this replica.
 */
export function collect(parts: Parts): void {
  const { config, store, files, thumbnails, differences, locks, log } = parts
  removeOld(parts)
  locks
    .alone('files', async () => {
      const removed = await collectFiles(store, files, Date.now())
      if (removed > 0) log.info({ removed }, 'Removed files that nothing refers to')
    })
    .then(() => thumbnails.collect(store.knownContents))
    .then(() => differences.collect(store.knownContents))
    .catch((error) => log.error({ error }, 'Collecting files failed'))
  locks
    .alone('audit', async () => void (await collectEntries(store, Date.now() - config.auditMs)))
    .catch((error) => log.error({ error }, 'Old entries of the audit log could not be removed'))
  locks
    .alone('sessions', () => store.forgetSessions(Date.now() - endedSessionsMs))
    .catch((error) => log.error({ error }, 'Ended sessions could not be removed'))
}
