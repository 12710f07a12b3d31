import { LRUCache } from 'lru-cache'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import { ranMs } from '../domain/prediction/durations.ts'
import { hasSucceeded, isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import type { Store } from '../store/store.ts'

/** How many runs of a model its typical duration is of. */
const mostRuns = 20
const mostBoots = 5
/** How many models are kept. */
const mostModels = 5_000

/** How long they are taken for current where others run them, too, in milliseconds. */
const sharedMs = 30_000

const none: readonly number[] = []

export type RunTimes = ReturnType<typeof createRunTimes>

/**
 * How long the last succeeded runs of each model took: read from the store once, then kept up to date. Where
 * other replicas run them, too, they are read again every half a minute.
 */
export function createRunTimes(
  store: Pick<Store, 'lastRunTimes'>,
  { isShared }: { readonly isShared: boolean },
) {
  const lasting = new LRUCache<string, readonly number[], ModelRef>({
    max: mostModels,
    ttl: isShared ? sharedMs : 0,
    allowStale: true,
    noDeleteOnStaleGet: true,
    fetchMethod: (_name, _stale, { context }) => store.lastRunTimes(context, mostRuns),
  })

  /** When runs of cold models began that have not started yet, by prediction. */
  const booting = new LRUCache<string, number>({ max: mostModels })
  /** How long the last boots took, as measured since the server started. */
  const boots = new LRUCache<string, readonly number[]>({ max: mostModels })

  function bootSaved({ id, model, startedAt }: Prediction): void {
    const began = booting.get(id)
    if (began === undefined || startedAt === null) return
    booting.delete(id)
    const latest = Math.max(0, startedAt - began)
    boots.set(
      modelName(model),
      [latest, ...(boots.peek(modelName(model)) ?? [])].slice(0, mostBoots),
    )
  }

  return {
    /** To be called when a run of a cold model begins, which boots it. */
    coldRun(id: string, at: number): void {
      booting.set(id, at)
    },
    /** The median of the last boots of a model, in milliseconds; null when none was measured. */
    typicalBoot: (model: ModelRef): number | null => median(boots.get(modelName(model)) ?? none),
    /** The median of the last succeeded runs of a model, in milliseconds; null when there are none. */
    async typical(model: ModelRef): Promise<number | null> {
      return median((await lasting.fetch(modelName(model), { context: model })) ?? none)
    },
    /** The same as far as it has been read, which is begun otherwise. */
    known(model: ModelRef): number | null {
      const name = modelName(model)
      const known = lasting.peek(name)
      // A failed read is repeated by the next call.
      if (!known) lasting.fetch(name, { context: model }).catch(() => {})
      return median(known ?? none)
    },
    /** Reads all again when they are asked for. */
    forget: (): void => lasting.clear(),
    /** To be called after each save of a prediction. */
    saved(previous: Prediction, next: Prediction): void {
      bootSaved(next)
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

/** The medians of lists that are read with each request. */
const medians = new WeakMap<readonly number[], number | null>()

/** The middle of numbers in order, the upper one of two; null of none. */
function median(numbers: readonly number[]): number | null {
  const known = medians.get(numbers)
  if (known !== undefined) return known
  const ordered = numbers.toSorted((one, other) => one - other)
  const found = ordered[Math.floor(ordered.length / 2)] ?? null
  medians.set(numbers, found)
  return found
}
