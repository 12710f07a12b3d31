import { createSemaphore } from '../semaphore.ts'
import { createReceiver, type Receiver, type ReceiverOptions } from './receiver.ts'

/** The most requests at once to all receivers. */
const mostAtOnce = 128

/** Sends webhooks to their receivers, each independently of the others. */
export function createDispatcher(options: ReceiverOptions) {
  const receivers = new Map<string, Receiver>()
  const tasks = new Set<Promise<void>>()
  const semaphore = createSemaphore(mostAtOnce)
  const stopping = new AbortController()

  function receiverOf(name: string): Receiver {
    const known = receivers.get(name)
    if (known) return known
    const { signal } = stopping
    const idle = () => {
      receivers.delete(name)
      options.claims.release(name)
    }
    const receiver = createReceiver(name, { ...options, signal, semaphore, track, idle })
    receivers.set(name, receiver)
    return receiver
  }

  function track(task: Promise<void>): void {
    tasks.add(task)
    void task.finally(() => tasks.delete(task))
  }

  return {
    /** Sends what is due to a receiver, and the rest when its time comes. */
    dispatch: (receiver: string): void => receiverOf(receiver).dispatch(),
    /** Sends what is due to a receiver that this server sends to. */
    nudge: (receiver: string): void => receivers.get(receiver)?.dispatch(),
    /** Sends the new output and logs of a prediction. */
    addUpdate: (receiver: string, prediction: string): void =>
      receiverOf(receiver).addUpdate(prediction),
    /** Starts no more requests, and resolves when those under way have ended. */
    async stop(): Promise<void> {
      stopping.abort()
      for (const receiver of receivers.values()) receiver.stop()
      await Promise.all(tasks)
    },
  }
}
