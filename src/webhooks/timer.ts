/** Calls back after so many milliseconds, unless what it answers is called before. */
export type SetTimer = (run: () => void, ms: number) => () => void

/** What a timer can wait: 24 days. Whoever wakes early looks again. */
const longestMs = 2 ** 31 - 1

/** Timers of the process, which keep it from ending for nothing. */
export const setTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, Math.min(Math.max(0, ms), longestMs)).unref()
  return () => clearTimeout(timer)
}
