import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

const script = new URL(`./check-database${extname(import.meta.url)}`, import.meta.url)

/** A check reads the whole database: it comes no more often than this, and takes a small part of the time. */
const checkEveryMs = 10_000
const restFactor = 50

/** A write that found no room is remembered for so long: what cannot be saved is tried again each second. */
const fullMs = 10_000

/** Whoever asks waits no longer for a check; what it finds is told to the next. */
const waitMs = 800

export type Condition = ReturnType<typeof createCondition>

/** Whether a database is fit to work with, by what its statements met and by looking it over now and then. */
export function createCondition(path: string) {
  let damage: string | null = null
  let fullUntil = -Infinity
  let checking: Promise<void> | null = null
  let nextAt = 0

  async function look(): Promise<void> {
    const began = performance.now()
    const found = await checked(path)
    const now = performance.now()
    nextAt = now + Math.max(checkEveryMs, restFactor * (now - began))
    damage = found === 'ok' ? null : found
  }

  return {
    /** What a statement met. */
    met(trouble: 'damage' | 'full', error: unknown): void {
      if (trouble === 'full') fullUntil = performance.now() + fullMs
      else damage = error instanceof Error ? error.message : String(error)
    },
    /** Whether there was no room for something lately. */
    isFull: () => performance.now() < fullUntil,
    /** What is wrong with the database itself; null when nothing is known to be. */
    async damage(): Promise<string | null> {
      if (performance.now() >= nextAt)
        checking ??= look().finally(() => {
          checking = null
        })
      if (checking) await Promise.race([checking, after(waitMs)])
      return damage
    },
  }
}

function checked(path: string): Promise<string> {
  return new Promise((resolve) => {
    const worker = new Worker(script, { workerData: path })
    worker.once('message', resolve)
    worker.once('error', (error) => resolve(error.message))
    worker.once('exit', () => resolve('ok'))
    worker.unref()
  })
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
