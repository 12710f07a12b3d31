import { setTimeout as delay } from 'node:timers/promises'
import { StoreBusy } from '../domain/unavailable.ts'

const firstBackOffMs = 5
const longestBackOffMs = 100

/** How long statements and transactions wait while another process locks the database. */
export const longestBusyMs = 5_000

/** Exponential back-off. */
export function backOff(tries: number): Promise<void> {
  return delay(Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(tries, 10)))
}

/** Retries while the database is locked. Rejects with `StoreBusy` after `longestBusyMs`. */
export async function retryWhileBusy<T>(run: () => Promise<T>): Promise<T> {
  const until = performance.now() + longestBusyMs
  for (let tries = 0; ; tries++)
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof StoreBusy) || performance.now() > until) throw error
      await backOff(tries)
    }
}
