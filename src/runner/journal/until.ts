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
    const { promise, resolve } = Promise.withResolvers<void>()
    const check = async () => holds(await journal.find(id)) && resolve()
    const finish = () => resolve()
    const unwatch = journal.watch(id, check)
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish)
    if (signal?.aborted) finish()
    await check()
    await promise
    clearTimeout(timer)
    signal?.removeEventListener('abort', finish)
    unwatch()
    return journal.find(id)
  }
}
