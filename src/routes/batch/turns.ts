import { setImmediate } from 'node:timers/promises'

/** The longest that work goes on before others have their turn, in milliseconds. */
const mostMs = 4

/** Lets other requests have their turn whenever work has gone on for a few milliseconds: call it at each step. */
export function createTurns(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < mostMs) return
    await setImmediate()
    began = performance.now()
  }
}
