import { setTimeout } from 'node:timers/promises'

export type Waker = ReturnType<typeof createWaker>

/** A sleep that others can end. A `wake` while nothing sleeps ends the next sleep at once. */
export function createWaker() {
  let woken = new AbortController()
  return {
    wake(): void {
      woken.abort()
    },
    /** Resolves on `wake`, after `ms`, or when the signal aborts. */
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      const ended = AbortSignal.any([signal, woken.signal])
      if (ms > 0) await setTimeout(ms, undefined, { signal: ended, ref: false }).catch(() => {})
      woken = new AbortController()
    },
  }
}
