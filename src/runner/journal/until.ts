import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Journal } from './journal.ts'

export type WaitUntil = ReturnType<typeof createWaitUntil>

export function createWaitUntil(journal: Journal) {
  /**
   * Waits until `holds` is true of the prediction as saved (null once it is removed), `ms` have
   * passed, or the signal aborts. Resolves with the prediction as it then is.
   */
  return async function waitUntil(
    id: string,
    holds: (prediction: Prediction | null) => boolean,
    ms: number,
    signal?: AbortSignal,
  ): Promise<Prediction | null> {
    const { promise, resolve } = Promise.withResolvers<Prediction | null | undefined>()
    const check = async () => {
      const found = await journal.find(id)
      if (holds(found)) resolve(found)
    }
    const finish = () => resolve(undefined)
    const look = createLook(check)
    const unwatch = journal.watch(id, look.again)
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish)
    if (signal?.aborted) finish()
    await check()
    const found = await promise
    clearTimeout(timer)
    signal?.removeEventListener('abort', finish)
    unwatch()
    look.end()
    return found === undefined ? journal.find(id) : found
  }
}

/** A look that failed is repeated after this, in milliseconds. */
const retryMs = 1_000

/** Looks again, once for all that happens during a look. */
function createLook(check: () => Promise<unknown>) {
  let isLooking = false
  let isDue = false
  let timer: NodeJS.Timeout | undefined
  let ended = false

  async function look(): Promise<void> {
    clearTimeout(timer)
    isLooking = true
    try {
      do {
        isDue = false
        await check()
      } while (isDue && !ended)
    } catch {
      if (!ended) timer = setTimeout(look, retryMs)
    }
    isLooking = false
  }

  return {
    again(): void {
      if (isLooking) isDue = true
      else if (!ended) void look()
    },
    end(): void {
      ended = true
      clearTimeout(timer)
    },
  }
}
