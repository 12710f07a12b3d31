import { mayHaveHappened, mayWorkLater, type Trouble } from './upstream-error.ts'
import { createAlarm, jittered } from './waker.ts'

/** How long to wait after so many fruitless tries, in milliseconds, unless the service says. */
export function backOff(tries: number, trouble: Trouble, firstMs: number, mostMs: number): number {
  return trouble.retryAfterMs ?? jittered(Math.min(mostMs, firstMs * 1.5 ** tries))
}

export interface Persistence {
  readonly signal: AbortSignal
  /** For how long to ask again, and after how long first and last, in milliseconds. */
  readonly forMs: number
  readonly firstMs: number
  readonly mostMs: number
  readonly now: () => number
}

/**
 * Asks again while that may help and `forMs` have not passed. Only for what may be asked twice.
 * Throws what was thrown last.
 */
export async function persist<T>(ask: () => Promise<T>, given: Persistence): Promise<T> {
  const { signal, forMs, firstMs, mostMs, now } = given
  const until = now() + forMs
  const { wait } = createAlarm()
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const trouble = error as Trouble
      const pause = backOff(tries, trouble, firstMs, mostMs)
      if (signal.aborted || !helps(trouble) || now() + pause > until) throw error
      await wait(pause, signal)
    }
  }
}

function helps(trouble: Trouble): boolean {
  if (trouble.name !== 'Trouble' || trouble.kind === 'too large') return false
  return mayWorkLater(trouble) || mayHaveHappened(trouble)
}
