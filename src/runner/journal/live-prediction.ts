import { LRUCache } from 'lru-cache'
import type { Json } from '../../domain/json/json.ts'
import { jsonLength } from '../../domain/json/walk.ts'
import { apply } from '../../domain/prediction/apply.ts'
import type { PredictionEvent } from '../../domain/prediction/event.ts'
import { isSettled, outputLength, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'

/** Events within this are saved together. */
const coalesceMs = 100

/** The same while somebody watches: text appears as it comes. */
const watchedCoalesceMs = 35

/** A page that was told of a save asks for the next one within this. */
const watchedForMs = 1_000

/** A change of status is saved after this: a run that begins and ends within it is saved once. */
const statusChangeMs = 10

/** The wait before a failed save is retried, as when the disk is full. */
const retryMs = 1_000

/** Above this many UTF-16 units of unsaved text, `advance` waits for the save. */
const mostUnsaved = 64 * 1024

export interface LivePredictionOptions {
  readonly store: Pick<Store, 'find' | 'save'>
  onSaved(previous: Prediction, next: Prediction): void
  /** Another process or another part had changed it: its state was loaded, and the unsaved events applied to it. */
  onReloaded(saved: Prediction): void
  /** It was removed from the store, or another replica runs it now. */
  onGone(): void
  /** Whether somebody waits for its next save. */
  isWatched(): boolean
  /**
   * Whether what is kept may be changed here: false when another replica has taken it over. `known`: as it was
   * when it was last read or saved here.
   */
  isOurs(kept: Prediction, known: Prediction): Promise<boolean>
  /** A save in the background failed. It is retried. */
  onError(error: unknown): void
}

export type LivePrediction = ReturnType<typeof createLivePrediction>

/** A prediction that may still change: events take effect at once, and are saved in batches. */
export function createLivePrediction(prediction: Prediction, options: LivePredictionOptions) {
  const { store, onSaved, onReloaded, onGone, isWatched, isOurs, onError } = options
  const { id } = prediction
  let saved = prediction
  let current = prediction
  let unsaved: PredictionEvent[] = []
  let timer: NodeJS.Timeout | undefined
  let saving: Promise<void> | null = null
  // By the monotonic clock.
  let savedAt = -Infinity
  let watchedAt = -Infinity
  let closed = false

  /** Resolves at once, or, when much is unsaved, after the save. */
  async function advance(event: PredictionEvent): Promise<void> {
    const next = apply(current, event)
    if (next === current || closed) return
    current = next
    unsaved.push(event)
    // The worker can take its next job before this save finishes.
    if (isSettled(next)) return flushInBackground()
    schedule()
    if (unsavedUnits(saved, current) > mostUnsaved) await flush()
  }

  function schedule(): void {
    if (timer || saving) return
    const isNewStatus = saved.status !== current.status
    const wait = isNewStatus ? statusChangeMs : Math.max(0, nextSaveAt() - performance.now())
    timer = setTimeout(flushInBackground, wait)
  }

  function nextSaveAt(): number {
    const isFollowed = savedAt - watchedAt < watchedForMs || isWatched()
    return savedAt + (isFollowed ? watchedCoalesceMs : coalesceMs)
  }

  function flushInBackground(): void {
    flush().catch(onError)
  }

  /** Saves until no event is unsaved. Rejects when a save fails, and schedules a retry. */
  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    while (saved !== current && !closed) {
      saving ??= save().finally(() => {
        saving = null
      })
      try {
        await saving
      } catch (error) {
        if (!closed) timer ??= setTimeout(flushInBackground, retryMs)
        throw error
      }
    }
  }

  async function save(): Promise<void> {
    const previous = saved
    const next = current
    const count = unsaved.length
    if (await store.save(previous, next)) {
      saved = next
      unsaved = unsaved.slice(count)
      savedAt = performance.now()
      if (isWatched()) watchedAt = savedAt
      onSaved(previous, next)
    } else await reload()
  }

  async function reload(): Promise<void> {
    const found = await store.find(id)
    if (closed) return
    if (!found || !(await isOurs(found, saved))) return drop()
    saved = found
    current = unsaved.reduce(apply, found)
    onReloaded(found)
  }

  function drop(): void {
    close()
    unsaved = []
    saved = current
    onGone()
  }

  /** Cancels the scheduled save. */
  function close(): void {
    closed = true
    clearTimeout(timer)
  }

  return {
    advance,
    flush,
    /** Saves its events, and loads what another part changed of it in the store. */
    async refresh(): Promise<void> {
      await flush()
      await reload()
    },
    /** Its state as saved. */
    saved: () => saved,
    /** Its state with what is not saved yet. */
    current: () => current,
    /** Nothing of it is saved any more: it is being removed, or runs elsewhere. */
    close,
  }
}

function unsavedUnits(saved: Prediction, current: Prediction): number {
  const items = outputLength(current) - outputLength(saved)
  return current.logs.length - saved.logs.length + items * 16
}

/** The text of all cached predictions together, at most, in UTF-16 units. */
export const mostUnits = 4 * 2 ** 20

/** Reads predictions, and keeps the settled ones that were read or added last: they never change. */
export function createSettledCache(store: Pick<Store, 'find'>) {
  const cache = new LRUCache<string, Prediction>({ maxSize: mostUnits, sizeCalculation: unitsOf })
  let removals = 0

  return {
    add(prediction: Prediction): void {
      cache.set(prediction.id, prediction)
    },
    async find(id: string): Promise<Prediction | null> {
      const known = cache.get(id)
      if (known) return known
      const before = removals
      const found = await store.find(id)
      // During a removal, `found` may be the prediction that is being removed.
      if (found && isSettled(found) && removals === before) cache.set(id, found)
      return found
    },
    /** The same from memory alone. */
    known: (id: string): Prediction | null => cache.peek(id) ?? null,
    /** To be called after the prediction is removed from the store, or changed there. */
    remove(id: string): void {
      removals++
      cache.delete(id)
    },
  }
}

/** The approximate length of a prediction as text. */
export function unitsOf({ input, output, logs }: Prediction): number {
  const json = (value: Json) => jsonLength(value, mostUnits)
  return 1_000 + logs.length + json(input) + json(output)
}
