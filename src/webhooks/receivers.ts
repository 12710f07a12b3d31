import type { Delivery } from '../domain/webhook/delivery.ts'
import { createSlots } from '../slots.ts'
import type { SetTimer } from './timer.ts'

export interface ReceiversOptions {
  /** Up to `limit` pending deliveries to a receiver, the one to be tried first before the others. */
  readonly pending: (receiver: string, limit: number) => Promise<readonly Delivery[]>
  /** Tries a delivery, and keeps what came of it. */
  readonly deliver: (delivery: Delivery) => Promise<void>
  /** Tells what a prediction made and said since. */
  readonly update: (prediction: string) => Promise<void>
  readonly now: () => number
  readonly setTimer: SetTimer
  readonly failed: (error: unknown) => void
}

interface Receiver {
  /** The predictions of which it is being told. */
  readonly busy: Set<string>
  /** Those of which it has been told, until that is known to be kept. */
  readonly finished: Set<string>
  /** Those with an update that is due, the oldest first. */
  readonly updates: Set<string>
  looking: boolean
  lookAgain: boolean
  stopTimer: () => void
}

/** One receiver has no more than these of all, so that one which is slow or dead delays no other. */
const mostEach = 16
const mostInAll = 128

/** A fault of ours is no reason to ask the database all the time. */
const pauseMs = 5_000

/**
 * Whose turn it is. What is pending stays in the store, however much it is; here is only what is
 * being sent, and when to look again.
 */
export function createReceivers(options: ReceiversOptions) {
  const { pending, now, setTimer, failed } = options
  const receivers = new Map<string, Receiver>()
  const underWay = new Set<Promise<void>>()
  const inSlot = createSlots(mostInAll)
  let stopped = false

  function receiverOf(name: string): Receiver {
    const known = receivers.get(name)
    if (known) return known
    const fresh = {
      busy: new Set<string>(),
      finished: new Set<string>(),
      updates: new Set<string>(),
      looking: false,
      lookAgain: false,
      stopTimer: () => {},
    }
    receivers.set(name, fresh)
    return fresh
  }

  /** Sends what is due to a receiver, as far as it has turns. */
  function look(name: string): void {
    const receiver = receiverOf(name)
    receiver.lookAgain = true
    if (receiver.looking || stopped) return
    receiver.looking = true
    track(
      lookUntilDone(name, receiver).catch((error) => {
        failed(error)
        wake(name, receiver, pauseMs)
      }),
    )
  }

  async function lookUntilDone(name: string, receiver: Receiver): Promise<void> {
    try {
      while (receiver.lookAgain && !stopped) {
        receiver.lookAgain = false
        await lookOnce(name, receiver)
      }
    } finally {
      receiver.looking = false
    }
  }

  async function lookOnce(name: string, receiver: Receiver): Promise<void> {
    const { busy, finished, updates } = receiver
    // Before the store is read: what is not busy afterwards is in what was read as it is.
    for (const prediction of finished) busy.delete(prediction)
    finished.clear()
    receiver.stopTimer()
    const next = await pending(name, 2 * mostEach)
    const free = next.filter(({ prediction }) => !busy.has(prediction))
    const due = free.filter(({ nextAt }) => (nextAt ?? 0) <= now())
    for (const delivery of due)
      begin(name, receiver, delivery.prediction, () => options.deliver(delivery))
    for (const prediction of updates)
      if (begin(name, receiver, prediction, () => options.update(prediction)))
        updates.delete(prediction)
    const later = free[due.length]?.nextAt
    if (later) wake(name, receiver, later - now())
    else if (busy.size + updates.size === 0 && !receiver.lookAgain) receivers.delete(name)
  }

  function wake(name: string, receiver: Receiver, ms: number): void {
    receiver.stopTimer()
    if (!stopped) receiver.stopTimer = setTimer(() => look(name), ms)
  }

  /** Answers whether there was a turn. Of one prediction a receiver is told one thing after the other. */
  function begin(
    name: string,
    receiver: Receiver,
    prediction: string,
    work: () => Promise<void>,
  ): boolean {
    if (receiver.busy.has(prediction) || receiver.busy.size >= mostEach) return false
    receiver.busy.add(prediction)
    const finish = () => {
      receiver.finished.add(prediction)
      look(name)
    }
    track(
      inSlot(async () => {
        if (!stopped) await work()
      }).then(finish, (error) => {
        failed(error)
        setTimer(finish, pauseMs)
      }),
    )
    return true
  }

  function track(work: Promise<void>): void {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  return {
    look,
    addUpdate(name: string, prediction: string): void {
      receiverOf(name).updates.add(prediction)
      look(name)
    },
    /** Begins nothing more, and resolves when what is being sent has been. */
    async stop(): Promise<void> {
      stopped = true
      for (const { stopTimer } of receivers.values()) stopTimer()
      await Promise.all(underWay)
    },
  }
}
