import { format } from 'node:util'
import type { Json } from '../../../domain/json/json.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'
import type { Batch, MadeFile, SpilledOutput } from '../protocol.ts'
import { createPendingBatch } from './pending-batch.ts'

/** A batch is sent when the last one is this old, or when it is this large. */
const batchMs = 20
const batchUnits = 64 * 1024

const neverMore = new Promise<never>(() => {})

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Sends what a run makes in batches, one at a time: the next one waits until the server has
 * acknowledged the last. `deliver` waits with it, which holds back a fast model.
 */
export function createOutbox(send: (batch: Batch) => void) {
  const pending = createPendingBatch()
  let sentAt = -Infinity
  let unacknowledged: PromiseWithResolvers<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let muted = false

  function isDue(): boolean {
    return pending.units() >= batchUnits || performance.now() - sentAt >= batchMs
  }

  function take(): Batch | null {
    clearTimeout(timer)
    timer = undefined
    return pending.take()
  }

  function sendNow(): void {
    const batch = take()
    if (!batch) return
    unacknowledged = Promise.withResolvers()
    send(batch)
    sentAt = performance.now()
  }

  /** Sends as soon as allowed, and lets the caller go on: for logs and progress. */
  function sendSoon(): void {
    if (unacknowledged) return
    if (isDue()) sendNow()
    else timer ??= setTimeout(sendIfFree, batchMs)
  }

  function sendIfFree(): void {
    timer = undefined
    if (!unacknowledged) sendNow()
  }

  return {
    /** Adds an item of the output; resolves when the model may make the next one. */
    async deliver(item: Json, files: readonly MadeFile[]): Promise<void> {
      if (muted) return neverMore
      pending.addItem(item, files)
      if (!isDue()) {
        sendSoon()
        return
      }
      await unacknowledged?.promise
      sendNow()
      await unacknowledged?.promise
    },
    /** Adds the last item of the output, which is sent with the end of the run. */
    keep(item: Json, files: readonly MadeFile[]): void {
      if (!muted) pending.addItem(item, files)
    },
    /** Adds the whole output, which is in a file. */
    keepWhole(output: SpilledOutput, files: readonly MadeFile[]): void {
      if (!muted) pending.setWhole(output, files)
    },
    log(text: string): void {
      if (!muted && pending.addLog(text)) sendSoon()
    },
    progress(next: Progress): void {
      if (muted) return
      pending.setProgress(next)
      sendSoon()
    },
    /** The server has saved the last batch. */
    acknowledge(): void {
      unacknowledged?.resolve()
      unacknowledged = null
      if (pending.isSendable()) sendSoon()
    },
    /** Drops everything until `unmute`: between runs, output belongs to no prediction. */
    mute(): void {
      muted = true
    },
    /** Accepts output again; the first of it is sent at once. */
    unmute(): void {
      muted = false
      sentAt = -Infinity
    },
    /** Resolves with what is not sent yet, once everything that was sent is acknowledged. */
    async rest(): Promise<Batch | null> {
      while (unacknowledged) await unacknowledged.promise
      return take()
    },
    /** Resolves when everything so far is sent and acknowledged. */
    async flush(): Promise<void> {
      while (unacknowledged || pending.isSendable()) {
        if (!unacknowledged) sendNow()
        await unacknowledged?.promise
      }
    },
  }
}

/** A line of the log, as `console.log` writes it. */
export function logLine(parts: readonly unknown[]): string {
  return `${format(...parts)}\n`
}
