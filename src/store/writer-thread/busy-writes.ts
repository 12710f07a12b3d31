import { LRUCache } from 'lru-cache'
import { isList } from '../../domain/json/json.ts'
import { jsonLength } from '../../domain/json/walk.ts'
import type { Version } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../store.ts'
import type { WriterThread } from './writer-thread.ts'

const defaults = { most: 6, restMs: 2_000 }

/** Predictions with more text than this, in UTF-16 units, are written here: a message would take as long. */
const mostUnits = 16 * 1024

/** The same for items of an output: a message carries all of them twice, and a save adds the new ones. */
const mostItems = 100

const mostVersions = 500

export interface BusyWritesOptions {
  /** Starts the thread; calls back when it can write, and when it is lost. */
  start(onReady: () => void, onLost: () => void): WriterThread
  /** Whether nothing may be written any more. */
  hasFailed(): boolean
  /** With more acceptances and saves than this at once, the thread is started. */
  readonly most?: number
  /** A thread that had nothing to write for this long is ended, in milliseconds. */
  readonly restMs?: number
}

/**
 * The same store, which hands the writes of runs to a thread while there are many at once. Few are
 * written sooner without it. All other writes stay with `store`: either connection waits for the
 * other as for another process.
 */
export function writeBusyInThread(store: Store, options: BusyWritesOptions): Store {
  /** Versions that are known to be kept. */
  const kept = new LRUCache<string, true>({ max: mostVersions })
  const thread = createThreadOnDemand({ ...defaults, ...options })

  async function acceptHere(...[prediction, version, ...more]: Parameters<Store['accept']>) {
    const accepted = await store.accept(prediction, version, ...more)
    if (version !== null) kept.set(keyOf(version), true)
    return accepted
  }

  return {
    ...store,
    accept(prediction, version, idempotency, more) {
      const isKept = version === null || kept.has(keyOf(version))
      const writer = isKept && isSmall(prediction) ? thread.ready() : null
      return thread.counted(
        writer
          ? writer.accept(prediction, idempotency, more)
          : acceptHere(prediction, version, idempotency, more),
      )
    },
    save(previous, next) {
      const writer = isSmall(next) ? thread.ready() : null
      return thread.counted((writer ?? store).save(previous, next))
    },
    async removeVersion(model, id) {
      kept.clear()
      await thread.end()
      return store.removeVersion(model, id)
    },
    async close() {
      await thread.close()
      await store.close()
    },
  }
}

/** A thread that is there while many writes are under way at once. */
function createThreadOnDemand({
  start,
  hasFailed,
  most,
  restMs,
}: BusyWritesOptions & typeof defaults) {
  let thread: WriterThread | null = null
  let isReady = false
  let mayStart = true
  let underWay = 0
  let isResting = true
  let resting: NodeJS.Timeout | undefined
  let ending: Promise<unknown> = Promise.resolve()

  function begin(): void {
    // One that is lost is not replaced: whatever ended it would end the next one.
    thread = start(
      () => {
        isReady = true
      },
      () => {
        mayStart = false
        forget()
      },
    )
    resting = setInterval(() => {
      if (isResting) void end()
      isResting = true
    }, restMs).unref()
  }

  function forget(): void {
    clearInterval(resting)
    thread = null
    isReady = false
  }

  async function end(): Promise<void> {
    const ended = thread
    forget()
    if (ended) ending = Promise.all([ending, ended.end()])
    await ending
  }

  return {
    /** The thread, when it can write; else null. */
    ready: (): WriterThread | null => (isReady && !hasFailed() ? thread : null),
    /** Counts a write as under way, and starts the thread when there are many. */
    async counted<T>(writing: Promise<T>): Promise<T> {
      underWay++
      isResting = false
      if (underWay > most && thread === null && mayStart && !hasFailed()) begin()
      try {
        return await writing
      } finally {
        underWay--
      }
    },
    /** Ends the thread after its writes. Later ones are not given to it. */
    end,
    close(): Promise<void> {
      mayStart = false
      return end()
    },
  }
}

function keyOf({ model, id }: Pick<Version, 'model' | 'id'>): string {
  return `${modelName(model)}:${id}`
}

function isSmall({ input, output, logs }: Prediction): boolean {
  if (isList(output) && output.length > mostItems) return false
  const left = mostUnits - logs.length - jsonLength(input, mostUnits)
  return left > 0 && jsonLength(output, left) < left
}
