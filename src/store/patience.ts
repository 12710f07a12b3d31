import { StoreBusy } from '../domain/unavailable.ts'

/** The wait before a database that is locked is tried again: short at first, then longer. */
const firstWaitMs = 5
const longestWaitMs = 100

/** How long what is asked of the database waits for another process that holds it. */
export const patienceMs = 5_000

/** Waits before the next try: it never stops the event loop. */
export function backOff(tries: number): Promise<void> {
  const ms = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(tries, 10))
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Does it again while the database is locked; rejects with `StoreBusy` when that takes too long. */
export async function patiently<T>(run: () => Promise<T>): Promise<T> {
  const until = performance.now() + patienceMs
  for (let tries = 0; ; tries++)
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof StoreBusy) || performance.now() > until) throw error
      await backOff(tries)
    }
}
