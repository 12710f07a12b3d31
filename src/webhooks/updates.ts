import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { hasUpdate } from '../domain/webhook/delivery.ts'
import type { SetTimer } from './timer.ts'

export interface UpdatesOptions {
  readonly now: () => number
  readonly setTimer: SetTimer
  /** Called when the update of a prediction may be sent. */
  readonly due: (prediction: Prediction) => void
}

interface Entry {
  /** The state to send; null when the last one was sent. */
  latest: Prediction | null
  sentAt: number
  stopTimer: (() => void) | null
}

/** The least time between two updates of a prediction. */
const throttleMs = 500

/**
 * Updates: new output and logs that webhooks have not received. They are kept in memory only, since
 * the next update, or the end, contains everything that came before.
 */
export function createUpdates({ now, setTimer, due }: UpdatesOptions) {
  const entries = new Map<string, Entry>()

  function forget(id: string): void {
    entries.get(id)?.stopTimer?.()
    entries.delete(id)
  }

  function hold(prediction: Prediction): void {
    const known = entries.get(prediction.id)
    const entry = known ?? { latest: null, sentAt: -Infinity, stopTimer: null }
    entries.set(prediction.id, entry)
    entry.latest = prediction
    schedule(entry)
  }

  function schedule(entry: Entry): void {
    // The minimum guards against a clock that is set back.
    const wait = Math.min(throttleMs, entry.sentAt + throttleMs - now())
    const announce = () => {
      entry.stopTimer = null
      if (entry.latest) due(entry.latest)
    }
    if (wait <= 0) announce()
    else entry.stopTimer ??= setTimer(announce, wait)
  }

  return {
    /** To be called after each save of a prediction that has a webhook. */
    saved(previous: Prediction, next: Prediction): void {
      const endIsSent = isSettled(next) && next.webhook?.events.includes('completed')
      const isUnsent = hasUpdate(previous, next) || Boolean(entries.get(next.id)?.latest)
      if (isUnsent && !endIsSent) hold(next)
      else if (isSettled(next)) forget(next.id)
    },
    /** To be called when an event that goes before the update has been delivered or given up. */
    resume(id: string): void {
      const entry = entries.get(id)
      if (entry?.latest) schedule(entry)
    },
    /** Takes the state to send; null when there is none any more. */
    take(id: string): Prediction | null {
      const entry = entries.get(id)
      const latest = entry?.latest ?? null
      if (!entry || !latest) return null
      entry.latest = null
      entry.sentAt = now()
      if (isSettled(latest)) forget(id)
      return latest
    },
    stop(): void {
      for (const id of [...entries.keys()]) forget(id)
    },
  }
}
