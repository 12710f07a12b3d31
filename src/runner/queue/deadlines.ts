import type { Prediction } from '../../domain/prediction/prediction.ts'
import { longestTimerMs } from '../../domain/timer.ts'

/** Timers that call `passed` when the deadline of a prediction passes. */
export function createDeadlines(now: () => number, passed: (id: string) => void) {
  const timers = new Map<string, NodeJS.Timeout>()

  return {
    set({ id, deadline }: Pick<Prediction, 'id' | 'deadline'>): void {
      if (deadline === null) return
      const wait = Math.min(Math.max(0, deadline - now()), longestTimerMs)
      timers.set(id, setTimeout(passed, wait, id).unref())
    },
    clear(id: string): void {
      clearTimeout(timers.get(id))
      timers.delete(id)
    },
  }
}
