import { format } from 'node:util'
import { formatJson, type Json } from '../../../domain/json/json.ts'
import { beginning } from '../../../domain/json/whole-text.ts'
import { isLarge, mostOutputUnits } from '../../../domain/output/large-output.ts'
import type { Progress } from '../../../domain/prediction/prediction.ts'
import type { Batch, MadeFile, SpilledOutput } from '../protocol.ts'

/** A batch leaves when it is this old or this large, whichever comes first. */
const batchMs = 20
const batchUnits = 64 * 1024

/** No log between two batches may be larger than this. */
const maxLogUnits = 1024 * 1024
const logsDropped = '\n… too much at once: the rest was not saved\n'

const itemTooLarge = `One item of the output is too large: over ${mostOutputUnits >> 20} MB of JSON. Give a file instead, with ctx.file()`

const neverMore = new Promise<never>(() => {})

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Gathers what a run makes into batches. One batch is under way at a time: `deliver` waits while
 * the server has not said that the last one is safe, which is what holds a fast model back.
 */
export function createOutbox(send: (batch: Batch) => void) {
  let items: string[] = []
  let made: MadeFile[] = []
  let whole: SpilledOutput | undefined
  let logs = ''
  let progress: Progress | undefined
  let units = 0
  let sentAt = -Infinity
  let underWay: PromiseWithResolvers<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let muted = false

  function due(): boolean {
    return units >= batchUnits || performance.now() - sentAt >= batchMs
  }

  function sendNow(): void {
    const batch = take()
    if (!batch) return
    underWay = Promise.withResolvers()
    send(batch)
    sentAt = performance.now()
  }

  /** What has gathered; null when nothing has. */
  function take(): Batch | null {
    clearTimeout(timer)
    timer = undefined
    if (items.length === 0 && !whole && logs === '' && progress === undefined) return null
    const chunks = items.length === 0 ? '' : `[${items.join(',')}]`
    const more = { ...(whole ? { whole } : {}), ...(progress ? { progress } : {}) }
    const batch = { type: 'batch', chunks, made, logs, ...more } as const
    items = []
    made = []
    whole = undefined
    logs = ''
    progress = undefined
    units = 0
    return batch
  }

  function add(item: Json, files: readonly MadeFile[]): void {
    if (item !== undefined && isLarge(item)) throw new Error(itemTooLarge)
    const text: string | undefined = formatJson(item)
    if (text === undefined)
      throw new Error('The model returned something that cannot be written as JSON')
    items.push(text)
    made.push(...files)
    units += text.length
  }

  /** Sends soon, without holding anything back: for logs and progress. */
  function sendSoon(): void {
    if (underWay) return
    if (due()) sendNow()
    else timer ??= setTimeout(sendIfFree, batchMs)
  }

  function sendIfFree(): void {
    timer = undefined
    if (!underWay) sendNow()
  }

  return {
    /** Adds an item of the output; resolves when the next may be made. */
    async deliver(item: Json, files: readonly MadeFile[]): Promise<void> {
      if (muted) return neverMore
      add(item, files)
      if (!due()) {
        sendSoon()
        return
      }
      await underWay?.promise
      sendNow()
      await underWay?.promise
    },
    /** Adds the last item of the output: it leaves with the word that the run is over. */
    keep(item: Json, files: readonly MadeFile[]): void {
      if (!muted) add(item, files)
    },
    /** Adds the whole output, which waits in a file. */
    keepWhole(output: SpilledOutput, files: readonly MadeFile[]): void {
      if (muted) return
      whole = output
      made.push(...files)
    },
    log(text: string): void {
      const room = maxLogUnits - logs.length
      if (muted || room < 0) return
      logs += text.length <= room ? text : beginning(text, room) + logsDropped
      units += text.length
      sendSoon()
    },
    progress(next: Progress): void {
      if (muted) return
      progress = next
      sendSoon()
    },
    acknowledge(): void {
      underWay?.resolve()
      underWay = null
      if (logs !== '' || progress !== undefined || items.length > 0) sendSoon()
    },
    /**
     * Takes nothing more until `unmute`: what is said while nothing runs belongs to no prediction,
     * and nobody would acknowledge it.
     */
    mute(): void {
      muted = true
    },
    /** Takes what is said again; the first of it leaves at once. */
    unmute(): void {
      muted = false
      sentAt = -Infinity
    },
    /** Resolves with what is not sent yet, once everything that was is safe. */
    async rest(): Promise<Batch | null> {
      while (underWay) await underWay.promise
      return take()
    },
    /** Resolves when everything said so far is safe. */
    async flush(): Promise<void> {
      while (underWay || items.length > 0 || logs !== '' || progress !== undefined) {
        if (!underWay) sendNow()
        await underWay?.promise
      }
    },
  }
}

/** What the model prints, by whatever means JavaScript has, becomes log text in order. */
export function captureOutput(outbox: Outbox): void {
  for (const stream of [process.stdout, process.stderr])
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      outbox.log(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      const done = rest.find((argument) => typeof argument === 'function')
      if (done) queueMicrotask(done as () => void)
      return true
    }) as typeof stream.write
}

/** A line of log from the parts of a `ctx.log(…)`, as `console.log` writes them. */
export function logLine(parts: readonly unknown[]): string {
  return `${format(...parts)}\n`
}
