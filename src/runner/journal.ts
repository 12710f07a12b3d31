import { LRUCache } from 'lru-cache'
import { formatJson } from '../domain/json/json.ts'
import {
  apply,
  isSettled,
  outputLength,
  type Prediction,
  type PredictionEvent,
} from '../domain/prediction/prediction.ts'
import type { Store } from '../store/store.ts'

/** What is made in quick succession is saved together, at most this long after it was made. */
const coalesceMs = 100

/** A run that begins and ends within this is saved once. */
const beginMs = 10

/** What could not be saved, as when the disk is full, is saved after so long, or tried again. */
const againMs = 1_000

/** More unsaved text than this and whoever makes it waits for the save. */
const mostUnsaved = 64 * 1024

/** A prediction that is being worked on: what is saved of it, and what happened since. */
interface Entry {
  saved: Prediction
  current: Prediction
  pending: PredictionEvent[]
  timer: NodeJS.Timeout | undefined
  saving: Promise<void> | null
  /** By the clock of the process, which never goes back. */
  savedAt: number
}

type SaveListener = (previous: Prediction, next: Prediction) => void

export type Journal = ReturnType<typeof createJournal>

/** The settled predictions that were asked for last are at hand, up to this much text. */
const mostRecentUnits = 8 * 2 ** 20

/** Keeps predictions and their saved state in step, and tells whoever watches of each save. */
export function createJournal(store: Store, now: () => number, failed: (error: unknown) => void) {
  const recent = new LRUCache<string, Prediction>({
    maxSize: mostRecentUnits,
    sizeCalculation: unitsOf,
  })
  const entries = new Map<string, Entry>()
  const watchers = new Map<string, Set<() => void>>()
  const listeners = new Set<(id: string) => void>()
  const saveListeners = new Set<SaveListener>()
  let removals = 0

  function open(prediction: Prediction): void {
    entries.set(prediction.id, {
      saved: prediction,
      current: prediction,
      pending: [],
      timer: undefined,
      saving: null,
      savedAt: -Infinity,
    })
  }

  async function entryOf(id: string): Promise<Entry | null> {
    const known = entries.get(id)
    if (known) return known
    const found = await store.find(id)
    if (!found) return null
    if (!entries.has(id)) open(found)
    return entries.get(id) ?? null
  }

  /** Resolves at once, or when what was made before is saved, if that has become a lot. */
  async function advance(id: string, event: PredictionEvent): Promise<void> {
    const entry = await entryOf(id)
    if (!entry) return
    const next = apply(entry.current, event)
    if (next === entry.current) return release(entry)
    entry.current = next
    entry.pending.push(event)
    if (isSettled(next)) {
      // Whoever ran it is free for the next while this one is saved.
      void flush(entry).catch(failed)
      return
    }
    schedule(entry)
    if (unsaved(entry) > mostUnsaved) await flush(entry)
  }

  function schedule(entry: Entry): void {
    if (entry.timer || entry.saving) return
    const begins = entry.saved.status !== entry.current.status
    const wait = begins ? beginMs : Math.max(0, entry.savedAt + coalesceMs - performance.now())
    entry.timer = setTimeout(() => void flush(entry).catch(failed), wait)
  }

  /** Saves until nothing is unsaved. Rejects when a save fails, and tries again by itself. */
  async function flush(entry: Entry): Promise<void> {
    clearTimeout(entry.timer)
    entry.timer = undefined
    while (entry.saved !== entry.current) {
      entry.saving ??= save(entry).finally(() => {
        entry.saving = null
      })
      try {
        await entry.saving
      } catch (error) {
        tryAgain(entry)
        throw error
      }
    }
    release(entry)
  }

  function tryAgain(entry: Entry): void {
    if (entries.get(entry.current.id) !== entry) return
    entry.timer ??= setTimeout(() => void flush(entry).catch(failed), againMs)
  }

  async function save(entry: Entry): Promise<void> {
    const { saved, current } = entry
    const count = entry.pending.length
    if (await store.save(saved, current)) {
      entry.saved = current
      entry.pending = entry.pending.slice(count)
      entry.savedAt = performance.now()
      notify(current.id)
      for (const listener of saveListeners) listener(saved, current)
      return
    }
    // Somebody else changed it: what happened here is applied to what is there now.
    const found = await store.find(current.id)
    if (!found) return forget(entry)
    entry.saved = found
    entry.current = entry.pending.reduce(apply, found)
    notify(current.id)
  }

  function forget(entry: Entry): void {
    entry.saved = entry.current
    entry.pending = []
    entries.delete(entry.current.id)
    notify(entry.current.id)
  }

  /** What is settled and saved needs no watching over. */
  function release(entry: Entry): void {
    if (!isSettled(entry.saved) || entry.saved !== entry.current) return
    // One that was removed meanwhile stays so.
    if (entries.get(entry.saved.id) !== entry) return
    entries.delete(entry.saved.id)
    recent.set(entry.saved.id, entry.saved)
  }

  function notify(id: string): void {
    for (const listener of listeners) listener(id)
    for (const watcher of watchers.get(id) ?? []) watcher()
  }

  return {
    open,
    advance,
    notify,
    /** Calls `listener` after each save or removal of any prediction. */
    listen(listener: (id: string) => void): void {
      listeners.add(listener)
    },
    /** Calls `listener` after each save of any prediction, with what it was before and what it is. */
    listenToSaves(listener: SaveListener): void {
      saveListeners.add(listener)
    },
    /** As saved. */
    async find(id: string): Promise<Prediction | null> {
      const known = entries.get(id)?.saved ?? recent.get(id)
      if (known) return known
      const before = removals
      const found = await store.find(id)
      // What was read before a removal may be what was removed.
      if (found && isSettled(found) && removals === before) recent.set(id, found)
      return found
    },
    /** Saves what happened to a prediction so far. */
    async settle(id: string): Promise<void> {
      const entry = entries.get(id)
      if (entry) await flush(entry)
    },
    /** Saves what happened to all of them so far. */
    async settleAll(): Promise<void> {
      await Promise.all([...entries.values()].map(flush))
    },
    async remove(id: string): Promise<boolean> {
      const entry = entries.get(id)
      if (entry) clearTimeout(entry.timer)
      entries.delete(id)
      const removed = await store.remove(id, now())
      removals++
      recent.delete(id)
      notify(id)
      return removed
    },
    /** Calls `watcher` after each save of a prediction, and after its removal, until told to stop. */
    watch(id: string, watcher: () => void): () => void {
      const all = watchers.get(id) ?? new Set()
      watchers.set(id, all.add(watcher))
      return () => {
        all.delete(watcher)
        if (all.size === 0 && watchers.get(id) === all) watchers.delete(id)
      }
    },
  }
}

function unsaved({ saved, current }: Entry): number {
  const items = outputLength(current) - outputLength(saved)
  return current.logs.length - saved.logs.length + items * 16
}

/** About how much text a settled prediction holds. */
function unitsOf({ input, output, logs }: Prediction): number {
  return 1_000 + logs.length + formatJson(input).length + formatJson(output).length
}
