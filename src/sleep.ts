import { setTimeout as startTimer } from 'node:timers'
import { setImmediate, setTimeout } from 'node:timers/promises'

/** Resolves after some milliseconds, or as soon as the signal aborts. Never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {})
}

/** The result of some work, or undefined when it takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  // With each request: an aborted `sleep` would cost an error with a stack.
  const over = new Promise<undefined>((resolve) => {
    timer = startTimer(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

/** The longest that work goes on before others have their turn, in milliseconds. */
const mostTurnMs = 4

/** Lets other requests have their turn whenever work has gone on for a few milliseconds: call it at each step. */
export function createTurns(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < mostTurnMs) return
    await setImmediate()
    began = performance.now()
  }
}

/** The result of work in steps: it yields after each, and others have their turn as with `createTurns`. */
export async function inTurns<T>(steps: Iterator<unknown, T>): Promise<T> {
  const turn = createTurns()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await turn()
  }
}
