import type { AuditEntry } from '../../domain/people/audit.ts'
import type { PredictionEvent } from '../../domain/prediction/event.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'
import { recorded } from '../recorded.ts'
import { createLivePrediction, createSettledCache, type LivePrediction } from './live-prediction.ts'

export type Journal = ReturnType<typeof createJournal>

/** Applies events to predictions, saves them, and notifies subscribers of each save. */
export function createJournal(store: Store, now: () => number, onError: (error: unknown) => void) {
  const live = new Map<string, LivePrediction>()
  const settled = createSettledCache(store)
  const { listen, listenToSaves, watch, notify, notifyOfSave } = createSubscriptions()

  function open(prediction: Prediction): LivePrediction {
    const { id } = prediction
    const opened = createLivePrediction(prediction, {
      store,
      onError,
      onSaved(previous, next) {
        notify(id)
        notifyOfSave(previous, next)
        release(opened)
      },
      onReloaded() {
        notify(id)
        release(opened)
      },
      onGone() {
        live.delete(id)
        notify(id)
      },
    })
    live.set(id, opened)
    return opened
  }

  /** A settled prediction never changes again, so its saved state is all there is to keep. */
  function release(prediction: LivePrediction): void {
    const saved = prediction.saved()
    // A removed prediction must not come back.
    if (!isSettled(saved) || live.get(saved.id) !== prediction) return
    live.delete(saved.id)
    settled.add(saved)
  }

  async function load(id: string): Promise<LivePrediction | null> {
    const found = await settled.find(id)
    if (!found || isSettled(found)) return null
    return live.get(id) ?? open(found)
  }

  return {
    /** Makes a prediction known that was just accepted, or that is to run again. */
    open: (prediction: Prediction): void => void open(prediction),
    /** Applies an event. Resolves at once, or, when much is unsaved, after the save. */
    async advance(id: string, event: PredictionEvent): Promise<void> {
      const prediction = live.get(id) ?? (await load(id))
      await prediction?.advance(event)
    },
    /** The prediction as saved; null when there is none. */
    find(id: string): Promise<Prediction | null> {
      const saved = live.get(id)?.saved()
      // With each request: a promise in an async function would take three turns more.
      return saved ? Promise.resolve(saved) : settled.find(id)
    },
    /** The prediction with what is not saved yet; null when it is not in memory. */
    current: (id: string): Prediction | null => live.get(id)?.current() ?? settled.known(id),
    /** Saves the events of one prediction so far. */
    async flush(id: string): Promise<void> {
      await live.get(id)?.flush()
    },
    /** Saves the events of all predictions so far. */
    async flushAll(): Promise<void> {
      await Promise.all([...live.values()].map(({ flush }) => flush()))
    },
    async remove(id: string, entry?: AuditEntry): Promise<boolean> {
      live.get(id)?.close()
      live.delete(id)
      const removed = await recorded(store, entry).remove(id, now())
      settled.remove(id)
      notify(id)
      return removed
    },
    /** Changes who may see a prediction and its sub-runs. Resolves when everyone is told. */
    async show(id: string, visibility: Visibility, entry: AuditEntry): Promise<void> {
      const changed = await store.recording(entry).setVisibility(id, visibility, now())
      for (const one of changed || []) {
        settled.remove(one)
        await live.get(one)?.refresh()
        notify(one)
      }
    },
    /** Removes the data of settled predictions. Resolves with the ids of those that lost it. */
    async removeData(...given: Parameters<Store['removeData']>): Promise<readonly string[]> {
      const changed = await store.removeData(...given)
      for (const id of changed) {
        settled.remove(id)
        notify(id)
      }
      return changed
    },
    listen,
    listenToSaves,
    watch,
    notify,
  }
}

type Visibility = Prediction['visibility']
type SaveListener = (previous: Prediction, next: Prediction) => void

/** Callbacks on changes of predictions. They run in the order in which they were added. */
export function createSubscriptions() {
  const listeners = new Set<(id: string) => void>()
  const saveListeners = new Set<SaveListener>()
  const watchers = new Map<string, Set<() => void>>()

  return {
    /** Calls `listener` after each save or removal of any prediction. */
    listen(listener: (id: string) => void): void {
      listeners.add(listener)
    },
    /** Calls `listener` after each save of any prediction, with its previous and its new state. */
    listenToSaves(listener: SaveListener): void {
      saveListeners.add(listener)
    },
    /** Calls `watcher` after each save of one prediction, and after its removal. Returns the unsubscribe function. */
    watch(id: string, watcher: () => void): () => void {
      const all = watchers.get(id) ?? new Set()
      watchers.set(id, all.add(watcher))
      return () => {
        all.delete(watcher)
        if (all.size === 0 && watchers.get(id) === all) watchers.delete(id)
      }
    },
    /** Runs the listeners to all predictions, and the watchers of this one. */
    notify(id: string): void {
      for (const listener of listeners) listener(id)
      for (const watcher of watchers.get(id) ?? []) watcher()
    },
    notifyOfSave(previous: Prediction, next: Prediction): void {
      for (const listener of saveListeners) listener(previous, next)
    },
  }
}

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
