import { longestTimerMs } from '../domain/timer.ts'

/** Calls `run` after `ms` milliseconds, unless the function that it returns is called before. */
export type SetTimer = (run: () => void, ms: number) => () => void

/** A timer that does not keep the process alive. A wait that is too long for a timer is cut: callers check the time. */
export const setTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, Math.min(Math.max(0, ms), longestTimerMs)).unref()
  return () => clearTimeout(timer)
}
