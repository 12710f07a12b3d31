import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { hasUpdate } from '../domain/webhook/delivery.ts'
import type { SetTimer } from './timer.ts'

export interface NewsOptions {
  readonly now: () => number
  readonly setTimer: SetTimer
  /** There is something to tell of a prediction, and it may be told. */
  readonly due: (prediction: Prediction) => void
}

interface Entry {
  /** The prediction as it is to be told; null when all was told. */
  latest: Prediction | null
  toldAt: number
  stopTimer: (() => void) | null
}

/** Of output and logs a prediction's webhook is told no more often than this. */
const throttleMs = 500

/**
 * What predictions made and said that their webhooks have not been told. It is in memory alone:
 * the next update has all of it, and so has the end.
 */
export function createNews({ now, setTimer, due }: NewsOptions) {
  const entries = new Map<string, Entry>()

  function forget(id: string): void {
    entries.get(id)?.stopTimer?.()
    entries.delete(id)
  }

  function hold(prediction: Prediction): void {
    const known = entries.get(prediction.id)
    const entry = known ?? { latest: null, toldAt: -Infinity, stopTimer: null }
    entries.set(prediction.id, entry)
    entry.latest = prediction
    announce(entry)
  }

  function announce(entry: Entry): void {
    // A clock that was set back must not make it longer.
    const wait = Math.min(throttleMs, entry.toldAt + throttleMs - now())
    const announceNow = () => {
      entry.stopTimer = null
      if (entry.latest) due(entry.latest)
    }
    if (wait <= 0) announceNow()
    else entry.stopTimer ??= setTimer(announceNow, wait)
  }

  return {
    /** After each save of a prediction that has a webhook. */
    saved(previous: Prediction, next: Prediction): void {
      const endIsTold = isSettled(next) && next.webhook?.events.includes('completed')
      const untold = hasUpdate(previous, next) || Boolean(entries.get(next.id)?.latest)
      if (untold && !endIsTold) hold(next)
      else if (isSettled(next)) forget(next.id)
    },
    /** What held an update up is out of the way. */
    resume(id: string): void {
      const entry = entries.get(id)
      if (entry?.latest) announce(entry)
    },
    /** Takes what is to be told; null when there is nothing any more. */
    take(id: string): Prediction | null {
      const entry = entries.get(id)
      const latest = entry?.latest ?? null
      if (!entry || !latest) return null
      entry.latest = null
      entry.toldAt = now()
      if (isSettled(latest)) forget(id)
      return latest
    },
    stop(): void {
      for (const id of [...entries.keys()]) forget(id)
    },
  }
}
