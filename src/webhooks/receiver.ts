import type { Delivery } from '../domain/webhook/delivery.ts'
import type { Semaphore } from '../semaphore.ts'
import type { Claims } from './claims.ts'
import type { SetTimer } from './timer.ts'

export interface ReceiverOptions {
  /** Reads up to `limit` pending deliveries of a receiver, the next to be tried first. */
  readonly pending: (receiver: string, limit: number) => Promise<readonly Delivery[]>
  /** Tries a delivery and keeps its outcome. */
  readonly deliver: (delivery: Delivery) => Promise<void>
  /** Sends the new output and logs of a prediction. */
  readonly update: (prediction: string) => Promise<void>
  /** Forgets an update, as another replica sends to the receiver. */
  readonly dropUpdate: (prediction: string) => void
  readonly claims: Claims
  readonly now: () => number
  readonly setTimer: SetTimer
  readonly onError: (error: unknown) => void
}

interface SharedOptions extends ReceiverOptions {
  /** Aborts when nothing more is to be sent. */
  readonly signal: AbortSignal
  /** Runs tasks, a limited number of all receivers at once. */
  readonly semaphore: Semaphore
  /** Makes `stop` wait for a task, which must not reject. */
  readonly track: (task: Promise<void>) => void
  /** Called when the receiver has nothing to send and nothing to wait for. */
  readonly idle: () => void
}

export type Receiver = ReturnType<typeof createReceiver>

/** The most requests at once to one receiver, so that a slow one leaves slots for the others. */
const mostForOne = 16

/** The pause after an error of ours. */
const pauseMs = 5_000

/**
 * Sends the webhooks of one receiver: the events of a prediction one after the other, those of
 * several predictions in parallel. Pending deliveries stay in the store until they are tried.
 */
export function createReceiver(name: string, options: SharedOptions) {
  const { pending, deliver, update, dropUpdate, claims, now, setTimer, onError } = options
  const { signal, semaphore, track, idle } = options
  // Predictions: with a request under way, with one that has ended, with an update that is due.
  const busy = new Set<string>()
  const finished = new Set<string>()
  const updates = new Set<string>()
  let dispatching = false
  let isStale = false
  let stopTimer = () => {}

  /** Sends what is due now, as far as the limits allow. */
  function dispatch(): void {
    isStale = true
    if (dispatching || signal.aborted) return
    dispatching = true
    track(
      dispatchAll().catch((error) => {
        onError(error)
        dispatchIn(pauseMs)
      }),
    )
  }

  async function dispatchAll(): Promise<void> {
    try {
      while (isStale && !signal.aborted) {
        isStale = false
        await dispatchOnce()
      }
    } finally {
      dispatching = false
    }
  }

  async function dispatchOnce(): Promise<void> {
    // Before the read: a prediction that is no longer busy is read with its outcome.
    for (const prediction of finished) busy.delete(prediction)
    finished.clear()
    stopTimer()
    if (!(await claims.take(name))) return letGo()
    const read = await pending(name, 2 * mostForOne)
    const free = read.filter(({ prediction }) => !busy.has(prediction))
    const due = free.filter(({ nextAt }) => (nextAt ?? 0) <= now())
    for (const delivery of due) start(delivery.prediction, () => deliver(delivery))
    for (const prediction of updates)
      if (start(prediction, () => update(prediction))) updates.delete(prediction)
    const next = free[due.length]?.nextAt
    if (next) dispatchIn(next - now())
    else if (busy.size + updates.size === 0 && !isStale) idle()
  }

  /** Leaves what is pending to the replica that sends to the receiver. */
  function letGo(): void {
    for (const prediction of updates) dropUpdate(prediction)
    updates.clear()
    if (busy.size === 0 && !isStale) idle()
  }

  function dispatchIn(ms: number): void {
    stopTimer()
    if (!signal.aborted) stopTimer = setTimer(dispatch, ms)
  }

  /** False when the prediction already has a request under way, or the receiver has too many. */
  function start(prediction: string, request: () => Promise<void>): boolean {
    if (busy.has(prediction) || busy.size >= mostForOne) return false
    busy.add(prediction)
    const finish = () => {
      finished.add(prediction)
      dispatch()
    }
    const task = semaphore
      .run(async () => {
        // It may have waited long.
        if (!signal.aborted && (await claims.take(name))) await request()
      })
      .then(finish, (error) => {
        onError(error)
        setTimer(finish, pauseMs)
      })
    track(task)
    return true
  }

  return {
    dispatch,
    addUpdate(prediction: string): void {
      updates.add(prediction)
      dispatch()
    },
    /** To be called after the signal has aborted. */
    stop: () => stopTimer(),
  }
}
