import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { entryFile } from '../root.ts'

const script = entryFile('store/check-database')

/** The least time between two checks: each reads the whole database. */
const checkEveryMs = 10_000

/** A check is followed by a pause this many times as long. */
const pauseFactor = 50

/** For this long after a write failed for lack of space, the disk counts as full. Failed saves are retried each second. */
const fullMs = 10_000

/** How long a caller waits for a check. The next caller gets the result of a longer one. */
const waitMs = 800

export type DatabaseHealth = ReturnType<typeof createDatabaseHealth>

/** Whether a database can be used: from the errors of statements, and from a check now and then. */
export function createDatabaseHealth(path: string) {
  let damage: string | null = null
  let fullUntil = -Infinity
  let checking: Promise<void> | null = null
  let nextCheckAt = 0

  async function check(): Promise<void> {
    const began = performance.now()
    const found = await runCheck(path)
    const now = performance.now()
    nextCheckAt = now + Math.max(checkEveryMs, pauseFactor * (now - began))
    damage = found === 'ok' ? null : found
  }

  return {
    /** Notes the error of a statement. */
    note(kind: 'damaged' | 'full', error: unknown): void {
      if (kind === 'full') fullUntil = performance.now() + fullMs
      else damage = error instanceof Error ? error.message : String(error)
    },
    isFull: () => performance.now() < fullUntil,
    /** The fault of the database file; null when none is known. */
    async damage(): Promise<string | null> {
      if (performance.now() >= nextCheckAt)
        checking ??= check().finally(() => {
          checking = null
        })
      if (checking) await Promise.race([checking, delay(waitMs, undefined, { ref: false })])
      return damage
    },
  }
}

function runCheck(path: string): Promise<string> {
  return new Promise((resolve) => {
    const worker = new Worker(script, { workerData: path })
    worker.once('message', resolve)
    worker.once('error', (error) => resolve(error.message))
    worker.once('exit', () => resolve('ok'))
    worker.unref()
  })
}
