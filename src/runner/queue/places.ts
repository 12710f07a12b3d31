import { type ModelRef, modelName, parseModelRef } from '../../domain/model-ref.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'

interface PlacesOptions extends Pick<RunnerOptions, 'queue' | 'changes'> {
  readonly journal: Pick<Journal, 'notify' | 'watched'>
  /** Whether the queue is in a database that other replicas share. */
  readonly isShared: boolean
  readonly onError: (error: unknown) => void
}

/**
 * Where the queue is shared, its line is read this long after it moved, in milliseconds: once for all moves
 * until then, and after the time for which a line that was read before is taken for the one there is.
 */
const sharedMs = 120

/** Notifies the watchers of predictions that wait when their places in the queue may have changed. */
export function createPlaces({ queue, changes, journal, isShared, onError }: PlacesOptions) {
  const due = new Set<string>()

  async function notify(ref: ModelRef): Promise<void> {
    for (const id of await queue.waiting(ref)) journal.notify(id)
  }

  async function notifyWatched(ref: ModelRef): Promise<void> {
    const watched = journal.watched()
    if (watched.size === 0) return
    for (const id of await queue.waiting(ref)) if (watched.has(id)) journal.notify(id)
  }

  function moved(ref: ModelRef): void {
    if (!isShared) return void notify(ref).catch(onError)
    const name = modelName(ref)
    if (due.has(name)) return
    due.add(name)
    setTimeout(() => {
      due.delete(name)
      notifyWatched(ref).catch(onError)
    }, sharedMs).unref()
  }

  changes.listen((change) => {
    const ref = change.type === 'queue' ? parseModelRef(change.model) : null
    if (ref) moved(ref)
  })

  return {
    /** To be called when a prediction began to wait, or to run. */
    moved,
    /** To be called when one waits no more, and does not run. */
    left(ref: ModelRef): void {
      changes.tell({ type: 'queue', model: modelName(ref) })
      moved(ref)
    },
  }
}
