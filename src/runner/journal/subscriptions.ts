import type { Prediction } from '../../domain/prediction/prediction.ts'

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
    /** The predictions that are watched. */
    watched: (): ReadonlySet<string> => new Set(watchers.keys()),
    /** How many of them there are. */
    count: (): number => watchers.size,
    isWatched: (id: string): boolean => watchers.has(id),
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
