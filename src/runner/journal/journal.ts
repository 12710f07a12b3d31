import type { AuditEntry } from '../../domain/people/audit.ts'
import { apply } from '../../domain/prediction/apply.ts'
import type { PredictionEvent } from '../../domain/prediction/event.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Replicas } from '../../store/replicas.ts'
import type { Store } from '../../store/store.ts'
import type { RunnerOptions } from '../options.ts'
import { recorded } from '../recorded.ts'
import { createCatchUp } from './catch-up.ts'
import { createLivePrediction, type LivePrediction } from './live-prediction.ts'
import { createSettledCache } from './settled-cache.ts'
import { createSharedCache } from './shared-cache.ts'
import { createSubscriptions } from './subscriptions.ts'

export type Journal = ReturnType<typeof createJournal>

interface JournalOptions extends Pick<RunnerOptions, 'store' | 'changes' | 'now'> {
  /** The replicas that write to the same store; null when this server is alone. */
  readonly replicas: Pick<Replicas, 'owns'> | null
  /** A save in the background failed. */
  onError(error: unknown): void
  /** Another replica has taken over a run. */
  onLost(id: string): void
}

/**
 * Applies events to predictions, saves them, and notifies subscribers of each save: of those that are made here,
 * and of those that other replicas tell. Where replicas share the store, only what runs here is kept in memory.
 */
export function createJournal({ store, changes, replicas, now, onError, onLost }: JournalOptions) {
  const live = new Map<string, LivePrediction>()
  const settled = replicas ? createSharedCache(store) : createSettledCache(store)
  const subscriptions = createSubscriptions()
  const { listen, listenToSaves, watch, watched, notify, notifyOfSave } = subscriptions
  const catchUp = createCatchUp({ store, watched, look: heard, onError })
  if (replicas) catchUp.start()
  changes.onGap(catchUp.lookAgain)
  changes.listen((change) => {
    if (change.type === 'prediction') {
      catchUp.note(change.id, change.revision)
      heard(change.id, change.revision)
    }
    if (change.type === 'altered') heard(change.id, null)
  })

  function open(prediction: Prediction): LivePrediction {
    const { id } = prediction
    const opened = createLivePrediction(prediction, {
      store,
      onError,
      onSaved(previous, next) {
        tell(previous, next)
        release(opened)
      },
      onReloaded() {
        notify(id)
        release(opened)
      },
      onGone() {
        if (live.get(id) !== opened) return
        live.delete(id)
        notify(id)
        if (replicas) onLost(id)
      },
      isWatched: () => subscriptions.isWatched(id),
      watched: subscriptions.count,
      // A run that was cut short may be claimed here again: what the first has left unsaved is not of the second.
      isOurs: async (kept, known) =>
        replicas === null || (kept.attempt === known.attempt && replicas.owns(id)),
    })
    live.get(id)?.close()
    live.set(id, opened)
    return opened
  }

  /** Notifies subscribers of a save. */
  function tell(previous: Prediction, next: Prediction): void {
    const { id, revision } = next
    changes.tell({ type: 'prediction', id, revision })
    catchUp.note(id, revision)
    notify(id)
    notifyOfSave(previous, next)
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

  /** Another replica changed a prediction, or what is shown beside it. The revision is null where it is not known. */
  function heard(id: string, revision: number | null): void {
    const here = live.get(id)
    const isOlder = here && here.saved().revision < (revision ?? Number.POSITIVE_INFINITY)
    // Its watchers are notified once it is read.
    if (isOlder) here.refresh().catch(onError)
    else notify(id)
  }

  /** Notifies subscribers, here and at other replicas, where nothing was saved by an event. */
  function alter(id: string): void {
    changes.tell({ type: 'altered', id })
    notify(id)
  }

  /** The store has changed a settled prediction. */
  function changedSettled(id: string): void {
    settled.remove(id)
    alter(id)
  }

  /** Forgets a prediction that another replica may run, and what is not saved of it. */
  function drop(id: string): void {
    live.get(id)?.close()
    live.delete(id)
  }

  /** Applies an event to a prediction that does not run here. */
  async function change(id: string, event: PredictionEvent): Promise<boolean> {
    const found = await store.find(id)
    const next = found && apply(found, event)
    if (!found || !next || next === found) return true
    if (!(await store.save(found, next))) return false
    if (isSettled(next)) settled.add(next)
    tell(found, next)
    return true
  }

  return {
    /** Makes a prediction known that was just accepted, or that is to run again. */
    open: (prediction: Prediction): void => void open(prediction),
    /** Keeps the state of a prediction that any replica may run: it is asked for at once. */
    remember: settled.add,
    /** Keeps an unsettled prediction in memory, for a run of it here. */
    async hold(id: string): Promise<void> {
      await load(id)
    },
    /** Whether it is in memory: it runs here, or waits where no other replica could run it. */
    holds: (id: string): boolean => live.has(id),
    /** Applies an event. Resolves at once, or, when much is unsaved, after the save. */
    async advance(id: string, event: PredictionEvent): Promise<void> {
      const known = live.get(id)
      if (!known && replicas) return void (await change(id, event))
      const prediction = known ?? (await load(id))
      await prediction?.advance(event)
    },
    /** The same for an event of a run: it is ignored when another replica has taken over the run. */
    async record(id: string, event: PredictionEvent): Promise<void> {
      await live.get(id)?.advance(event)
    },
    /**
     * Applies an event to the saved state, and saves it at once. False when that is refused: another replica
     * has changed the prediction, or runs it.
     */
    change,
    drop,
    /** Forgets all that runs here. */
    dropAll(): void {
      for (const id of [...live.keys()]) drop(id)
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
      for (const id of changed) changedSettled(id)
      return changed
    },
    listen,
    listenToSaves,
    watch,
    /** The predictions that are watched here. */
    watched,
    notify,
    alter,
    changed: changedSettled,
    /** Looks for changes no more. */
    stop: catchUp.stop,
  }
}

type Visibility = Prediction['visibility']
