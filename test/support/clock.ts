import type { SetTimer } from '../../src/webhooks/timer.ts'

export type Clock = ReturnType<typeof createClock>

/** A clock that stands still until it is told to go on. */
export function createClock(start = Date.UTC(2026, 0, 1)) {
  const timers = new Set<{ readonly at: number; readonly run: () => void }>()
  let time = start

  const setTimer: SetTimer = (run, ms) => {
    const timer = { at: time + Math.max(0, ms), run }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  return {
    now: () => time,
    setTimer,
    /** Lets so many milliseconds pass: what is due by then is run at its time, in order. */
    pass(ms: number): void {
      const until = time + ms
      while (true) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        timers.delete(next)
        time = Math.max(time, next.at)
        next.run()
      }
      time = until
    },
  }
}
