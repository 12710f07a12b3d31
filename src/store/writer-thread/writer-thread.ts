import { Worker } from 'node:worker_threads'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { entryFile } from '../../root.ts'
import type { AcceptOptions, IdempotencyKey } from '../store.ts'
import {
  errorIn,
  type FromThread,
  gather,
  type Outcome,
  type ThreadValue,
  type ThreadWrite,
  type ToThread,
} from './messages.ts'

const script = entryFile('store/writer-thread/program')

export interface WriterThreadOptions {
  /** The path of the database. */
  readonly path: string
  /** Called when the thread can write. */
  readonly onReady: () => void
  /** A statement failed in a way that concerns the whole database. */
  readonly onNoted: (kind: 'damaged' | 'full', error: Error) => void
  /** The log could not be synced. */
  readonly onUnsynced: (error: Error) => void
  /** The thread ended without being told to. Its writes are rejected. */
  readonly onLost: () => void
}

export type WriterThread = ReturnType<typeof startWriterThread>

interface Waiting {
  readonly taken: (() => void) | undefined
  readonly resolve: (value: ThreadValue) => void
  readonly reject: (error: Error) => void
}

/** Starts a thread that accepts and saves predictions: as `Store` does, but of versions that are kept. */
export function startWriterThread(options: WriterThreadOptions) {
  const worker = new Worker(script, { workerData: options.path })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const waiting = new Map<number, Waiting>()
  const send = gather<ThreadWrite>(post)
  let last = 0
  let lost: Error | null = null
  let isEnding = false

  worker.on('message', receive)
  worker.on('error', lose)
  worker.on('exit', () => lose(new Error('The thread that writes to the database has ended')))

  function post(message: ToThread): void {
    worker.postMessage(message)
  }

  function receive(message: FromThread): void {
    if (message.type === 'done') message.outcomes.forEach(settle)
    else if (message.type === 'taken')
      for (const number of message.numbers) waiting.get(number)?.taken?.()
    else if (message.type === 'ready') options.onReady()
    else if (message.type === 'noted') options.onNoted(message.kind, message.error)
    else options.onUnsynced(message.error)
  }

  function settle(outcome: Outcome): void {
    const write = waiting.get(outcome.number)
    waiting.delete(outcome.number)
    if ('value' in outcome) write?.resolve(outcome.value)
    else write?.reject(errorIn(outcome.failure))
  }

  function lose(error: Error): void {
    if (lost) return
    lost = error
    if (!isEnding) options.onLost()
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function ask(write: (number: number) => ThreadWrite, taken?: () => void): Promise<ThreadValue> {
    return new Promise((resolve, reject) => {
      if (lost) return reject(lost)
      last++
      waiting.set(last, { taken, resolve, reject })
      send(write(last))
    })
  }

  return {
    async accept(
      prediction: Prediction,
      idempotency: IdempotencyKey | null,
      { sealed = null, taken }: AcceptOptions = {},
    ): Promise<Prediction> {
      const earlier = await ask(
        (number) => ({ type: 'accept', number, prediction, idempotency, sealed }),
        taken,
      )
      return typeof earlier === 'object' && earlier !== null ? earlier : prediction
    },
    async save(previous: Prediction, next: Prediction): Promise<boolean> {
      return (await ask((number) => ({ type: 'save', number, previous, next }))) === true
    },
    /** Ends the thread after the writes that it was given; resolves when it has ended. */
    async end(): Promise<void> {
      isEnding = true
      // After the writes of this turn, which are sent at its end.
      setImmediate(post, 'end')
      await ended
    },
  }
}
