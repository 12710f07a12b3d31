import type { AuditEntry } from '../../domain/people/audit.ts'
import type { PredictionEvent } from '../../domain/prediction/event.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../../store/store.ts'
import type { RunnerOptions } from '../options.ts'
import { recorded } from '../recorded.ts'
import { createCatchUp } from './catch-up.ts'
import { createLivePrediction, createSettledCache, type LivePrediction } from './live-prediction.ts'
import { createSharedCache } from './shared-cache.ts'
import { createSubscriptions } from './subscriptions.ts'

export type Journal = ReturnType<typeof createJournal>

export interface JournalOptions
  extends Pick<RunnerOptions, 'store' | 'changes' | 'isShared' | 'now'> {
  readonly onError: (error: unknown) => void
}

/**
 * Applies events to predictions, saves them, and notifies subscribers of each save: of those that are made here,
 * and of those that other replicas tell.
 */
export function createJournal({ store, changes, isShared, now, onError }: JournalOptions) {
  const live = new Map<string, LivePrediction>()
  const settled = isShared ? createSharedCache(store) : createSettledCache(store)
  const { listen, listenToSaves, watch, watched, notify, notifyOfSave } = createSubscriptions()
  const catchUp = createCatchUp({ store, watched, look: (id) => heard(id), onError })
  if (isShared) catchUp.start()
  changes.onGap(catchUp.lookAgain)
  changes.listen((change) => {
    if (change.type === 'prediction') {
      catchUp.note(change.id, change.revision)
      heard(change.id, change.revision)
    }
    if (change.type === 'altered') heard(change.id)
  })

  function open(prediction: Prediction): LivePrediction {
    const { id } = prediction
    const opened = createLivePrediction(prediction, {
      store,
      onError,
      onSaved(previous, next) {
        changes.tell({ type: 'prediction', id, revision: next.revision })
        catchUp.note(id, next.revision)
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

  /** Another replica changed a prediction. Without a revision, that may be what is shown beside it. */
  function heard(id: string, revision = Number.POSITIVE_INFINITY): void {
    const here = live.get(id)
    // Its listeners are notified once it is read.
    if (here && here.saved().revision < revision) void here.refresh().catch(onError)
    else if (!here) notify(id)
  }

  /** Notifies subscribers, here and at other replicas, where nothing was saved by an event. */
  function alter(id: string): void {
    changes.tell({ type: 'altered', id })
    notify(id)
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
      alter(id)
      return removed
    },
    /** Changes who may see a prediction and its sub-runs. Resolves when everyone is told. */
    async show(id: string, visibility: Visibility, entry: AuditEntry): Promise<void> {
      const changed = await store.recording(entry).setVisibility(id, visibility, now())
      for (const one of changed || []) {
        settled.remove(one)
        await live.get(one)?.refresh()
        alter(one)
      }
    },
    /** Removes the data of settled predictions. Resolves with the ids of those that lost it. */
    async removeData(...given: Parameters<Store['removeData']>): Promise<readonly string[]> {
      const changed = await store.removeData(...given)
      for (const id of changed) {
        settled.remove(id)
        alter(id)
      }
      return changed
    },
    listen,
    listenToSaves,
    watch,
    /** The predictions that are watched here. */
    watched,
    notify,
    alter,
    /** Looks for changes no more. */
    stop: catchUp.stop,
  }
}

type Visibility = Prediction['visibility']
