import { setImmediate } from 'node:timers/promises'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { Locks } from '../locks/locks.ts'
import { within } from '../sleep.ts'
import type { Removal } from '../store/retention.ts'
import type { PredictionFilter, Store } from '../store/store.ts'
import type { Log } from './options.ts'
import type { Runner } from './runner.ts'

const batch = 50

export interface RemovalsOptions {
  readonly store: Store
  readonly runner: Pick<Runner, 'remove' | 'groups'>
  /** Each deletion is carried out by one replica at a time. */
  readonly locks: Pick<Locks, 'alone'>
  readonly now: () => number
  readonly log: Log
}

export type Removals = ReturnType<typeof createRemovals>

/** Deletes many predictions, one after another. What is under way when the server ends goes on later. */
export function createRemovals({ store, runner, locks, now, log }: RemovalsOptions) {
  let stopped = false

  /** True when it has come to its end. */
  async function removeFound(filter: PredictionFilter): Promise<boolean> {
    let before: string | null = null
    do {
      const page = await store.page(filter, batch, before)
      for (const { id } of page.predictions) {
        if (stopped) return false
        await runner.remove(id)
        await setImmediate()
      }
      before = page.next
    } while (before !== null)
    return true
  }

  async function removeUploads(owner: string): Promise<void> {
    let before: string | null = null
    do {
      const { uploads, next } = await store.uploads(owner, batch, before)
      for (const { file } of uploads) await store.removeUpload(file.ref, now())
      before = next
    } while (before !== null && !stopped)
  }

  async function run(removal: Removal): Promise<void> {
    try {
      await locks.alone(`removal ${removal.id}`, () => carryOut(removal))
    } catch (error) {
      log.error({ error }, 'A deletion did not end: it is taken up later')
    }
  }

  async function carryOut({ id, filter, uploadsOf }: Removal): Promise<void> {
    const isDone = await removeFound(filter)
    if (uploadsOf !== null && !stopped) await removeUploads(uploadsOf)
    if (!isDone || stopped) return
    if (filter.group !== undefined) await runner.groups.remove(filter.group)
    await store.endRemoval(id)
  }

  return {
    /**
     * Keeps a deletion with an entry of the audit log, unless it was asked for before. Resolves when it
     * has ended, or after `ms`: it then goes on.
     */
    async begin(removal: Removal, entry: AuditEntry, ms: number): Promise<void> {
      const isNew = await store.recording(entry).addRemoval(removal)
      if (isNew) await within(ms, run(removal))
    },
    /** Goes on with the deletions that a process began and nobody carries out. */
    async resume(): Promise<void> {
      for (const removal of await store.removals()) await run(removal)
    },
    /** Ends after the prediction that is being removed. */
    stop(): void {
      stopped = true
    },
  }
}
