export type Alarm = ReturnType<typeof createAlarm>

/** A wait that somebody can end. What rings while nobody waits is heard by the next who does. */
export function createAlarm() {
  let rung = false
  let wake: (() => void) | null = null
  return {
    ring(): void {
      rung = true
      wake?.()
    },
    /** Resolves when it rings, when `ms` have passed, or when the signal aborts. */
    async wait(ms: number, signal: AbortSignal): Promise<void> {
      if (!rung && !signal.aborted && ms > 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, ms).unref()
        signal.addEventListener('abort', wake)
        await promise
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        wake = null
      }
      rung = false
    },
  }
}

/** Around the time given, so that many who wait do not all ask at once. */
export function jittered(ms: number): number {
  return ms * (0.85 + Math.random() * 0.3)
}
