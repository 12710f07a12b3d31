import type { Json } from '../../domain/json/json.ts'
import { apply } from '../../domain/prediction/apply.ts'
import type { PredictionEvent } from '../../domain/prediction/event.ts'
import {
  isGrowing,
  isSettled,
  outputLength,
  type Prediction,
} from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'

/** Events within this are saved together. */
const coalesceMs = 100

/**
 * The same while somebody watches, so that text appears as it comes: less for one that is watched alone, and as
 * much for many, since each save is drawn for those who watch.
 */
const watchedCoalesceMs = 25

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
  /** How many predictions somebody waits for. */
  watched(): number
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
  const { store, onSaved, onReloaded, onGone, isWatched, watched, isOurs, onError } = options
  const { id } = prediction
  let saved = prediction
  let current = prediction
  let unsaved: PredictionEvent[] = []
  // The output that follows `current`: a long list would be copied with each of its items.
  let arriving: Arriving | null = null
  let timer: NodeJS.Timeout | undefined
  let saving: Promise<void> | null = null
  // By the monotonic clock.
  let savedAt = -Infinity
  let watchedAt = -Infinity
  let closed = false

  /** Resolves at once, or, when much is unsaved, after the save. */
  async function advance(event: PredictionEvent): Promise<void> {
    if (closed) return
    if (!arrives(event)) {
      const before = latest()
      const next = apply(before, event)
      if (next === before) return
      current = next
      unsaved.push(event)
      // The worker can take its next job before this save finishes.
      if (isSettled(next)) return flushInBackground()
    }
    schedule()
    if (unsavedUnits() > mostUnsaved) await flush()
  }

  /** Takes an event that does nothing but to add to the end of the output. */
  function arrives(event: PredictionEvent): boolean {
    if (event.type !== 'emitted' || event.files?.length || !isGrowing(current)) return false
    const length = outputLength(current) + (arriving?.chunks.length ?? 0)
    if (event.index !== length || event.chunks.length === 0) return false
    arriving ??= { ...event, chunks: [] }
    for (const chunk of event.chunks) arriving.chunks.push(chunk)
    return true
  }

  /** Its state with all events. */
  function latest(): Prediction {
    if (!arriving) return current
    current = apply(current, arriving)
    unsaved.push(arriving)
    arriving = null
    return current
  }

  function unsavedUnits(): number {
    const items = outputLength(current) - outputLength(saved) + (arriving?.chunks.length ?? 0)
    return current.logs.length - saved.logs.length + items * 16
  }

  function schedule(): void {
    if (timer || saving) return
    const isNewStatus = saved.status !== current.status
    const wait = isNewStatus ? statusChangeMs : Math.max(0, nextSaveAt() - performance.now())
    timer = setTimeout(flushInBackground, wait)
  }

  function nextSaveAt(): number {
    const isFollowed = savedAt - watchedAt < watchedForMs || isWatched()
    return savedAt + (isFollowed ? Math.min(watchedCoalesceMs + watched(), coalesceMs) : coalesceMs)
  }

  function flushInBackground(): void {
    flush().catch(onError)
  }

  /** Saves until no event is unsaved. Rejects when a save fails, and schedules a retry. */
  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    while (saved !== latest() && !closed) {
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
    const next = latest()
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
    latest()
    saved = found
    current = unsaved.reduce(apply, found)
    onReloaded(found)
  }

  function drop(): void {
    close()
    saved = latest()
    unsaved = []
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
    current: latest,
    /** Nothing of it is saved any more: it is being removed, or runs elsewhere. */
    close,
  }
}

type Emitted = Extract<PredictionEvent, { type: 'emitted' }>

interface Arriving extends Emitted {
  readonly chunks: Json[]
}
