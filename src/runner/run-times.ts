import { LRUCache } from 'lru-cache'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import { ranMs } from '../domain/prediction/durations.ts'
import { hasSucceeded, isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import type { Store } from '../store/store.ts'

/** How many runs of a model its typical duration is of. */
const mostRuns = 20
/** How many models are kept. */
const mostModels = 5_000

export type RunTimes = ReturnType<typeof createRunTimes>

/** How long the last succeeded runs of each model took: read from the store once, then kept up to date. */
export function createRunTimes(store: Pick<Store, 'lastRunTimes'>) {
  const lasting = new LRUCache<string, readonly number[], ModelRef>({
    max: mostModels,
    fetchMethod: (_name, _stale, { context }) => store.lastRunTimes(context, mostRuns),
  })

  return {
    /** The median of the last succeeded runs of a model, in milliseconds; null when there are none. */
    async typical(model: ModelRef): Promise<number | null> {
      return median((await lasting.fetch(modelName(model), { context: model })) ?? [])
    },
    /** To be called after each save of a prediction. */
    saved(previous: Prediction, next: Prediction): void {
      if (isSettled(previous) || !hasSucceeded(next)) return
      const latest = ranMs(next)
      const name = modelName(next.model)
      const known = lasting.peek(name)
      // Models that nobody asked for are read when somebody does.
      if (!known || latest === null) return
      lasting.set(name, [latest, ...known].slice(0, mostRuns))
    },
  }
}

/** The middle of numbers in order, the upper one of two; null of none. */
function median(numbers: readonly number[]): number | null {
  const ordered = numbers.toSorted((one, other) => one - other)
  return ordered[Math.floor(ordered.length / 2)] ?? null
}
