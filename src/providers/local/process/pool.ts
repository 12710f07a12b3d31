import type { Warmth } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { longestTimerMs } from '../../../domain/timer.ts'
import type { LocalModel } from '../library/describe.ts'
import type { FromCopy } from '../protocol.ts'
import { createCopyFailures } from './copy-failures.ts'
import { type Exit, errorSentence, exitSentence } from './exit.ts'
import type { Reaper } from './reaper.ts'
import { type Copy, startCopy } from './start-copy.ts'

/** A message about a copy to its run. `ended` is the last. */
export type PoolMessage =
  | FromCopy
  | { readonly type: 'printed'; readonly text: string }
  | { readonly type: 'ended'; readonly sentence: string }

export interface PooledCopy {
  readonly copy: Copy
  /** `process 4242`. */
  readonly name: string
  readonly version: string
  readonly model: string
  /** Whether it was started for an earlier version. */
  readonly isEarlier: boolean
  readonly memoryMb: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readyAt: number | null
  idleSince: number | null
  state: 'booting' | 'busy' | 'idle' | 'ending'
  /** Whether it ends once it has no run. */
  isLeaving: boolean
  /** Receives its messages while a run has it; null while none has. */
  onMessage: ((message: PoolMessage) => void) | null
  /** The end of what it wrote outside of its runs, whose own logs are theirs. */
  logs: string
  /** Why it failed, as a sentence; null when it did not. */
  fault: string | null
  /** Why it was ended, as the error of its run; null when it was not, or its run knows. */
  endedBy: string | null
  /** When it became idle, by a clock that is never set. */
  idleFrom: number
  idle: NodeJS.Timeout | undefined
}

export type Pool = ReturnType<typeof createPool>

interface PoolOptions {
  readonly reaper: Reaper
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How long a copy of a version of a model is kept while it is idle, in milliseconds. */
  readonly idleMs: (model: string, version: string) => number
  /** How many processes a model may have. */
  readonly mostOf: (model: string) => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Of what a copy writes outside of its runs, in UTF-16 units. */
const mostLogs = 8_192

/** The copies of all local models: started when first needed, and kept until they were idle for long enough. */
export function createPool({ reaper, environment, idleMs, mostOf, now }: PoolOptions) {
  const copies = new Set<PooledCopy>()
  const failures = createCopyFailures(now)
  /** How many copies of each version are not ended for being idle. */
  let kept: ReadonlyMap<string, number> = new Map()

  function start(local: LocalModel, onMessage: PooledCopy['onMessage']): PooledCopy {
    const copy = startCopy(
      {
        memoryMb: local.memoryMb,
        env: declared(local.env),
        folder: local.folder.path,
        onMessage: (message) => receive(pooled, message),
        onPrinted: (text) => printed(pooled, text),
        onExit: (exit) => ended(pooled, exit),
      },
      reaper,
    )
    const pooled: PooledCopy = {
      copy,
      name: `process ${copy.pid ?? 'not started'}`,
      version: local.model.version.id,
      model: modelName(local.model.ref),
      isEarlier: local.home !== null,
      memoryMb: local.memoryMb,
      startedAt: now(),
      readyAt: null,
      idleSince: null,
      state: 'booting',
      isLeaving: false,
      onMessage,
      logs: '',
      fault: null,
      endedBy: null,
      idleFrom: 0,
      idle: undefined,
    }
    copies.add(pooled)
    copy.send({ type: 'load', path: local.folder.entry, home: local.home })
    return pooled
  }

  function alive(isOne: (pooled: PooledCopy) => boolean): PooledCopy[] {
    return [...copies].filter((one) => one.state !== 'ending' && isOne(one))
  }

  /** A copy that failed outside a run is not used again. */
  function receive(pooled: PooledCopy, message: FromCopy): void {
    if (message.type === 'ready') {
      pooled.readyAt = now()
      failures.ready(pooled.version)
    }
    if (message.type === 'batch' && pooled.readyAt === null) write(pooled, message.logs)
    if (message.type === 'failed' && !message.reusable) {
      const sentence = errorSentence(message.error, pooled.memoryMb)
      pooled.fault = pooled.readyAt === null ? `Setup of the model failed: ${sentence}` : sentence
      write(pooled, `${message.detail}\n`)
    }
    if (pooled.onMessage) pooled.onMessage(message)
    else if (message.type === 'ready') rest(pooled)
    else if (message.type === 'batch') pooled.copy.send({ type: 'ack' })
    if (pooled.fault !== null) terminate(pooled)
  }

  function printed(pooled: PooledCopy, text: string): void {
    if (pooled.readyAt === null || !pooled.onMessage) write(pooled, text)
    pooled.onMessage?.({ type: 'printed', text })
  }

  function write(pooled: PooledCopy, text: string): void {
    pooled.logs = (pooled.logs + text).slice(-mostLogs)
  }

  /** Lets a copy wait for its next run. */
  function rest(pooled: PooledCopy): void {
    pooled.onMessage = null
    pooled.state = 'idle'
    pooled.idleSince = now()
    pooled.idleFrom = performance.now()
    if (pooled.isLeaving) terminate(pooled)
    else endWhenIdle(pooled)
  }

  /** Ends an idle copy now or later, unless it is kept. */
  function endWhenIdle(pooled: PooledCopy): void {
    clearTimeout(pooled.idle)
    const left = pooled.idleFrom + idleMs(pooled.model, pooled.version) - performance.now()
    const look = () => endWhenIdle(pooled)
    if (left > 0) pooled.idle = setTimeout(look, Math.min(left, longestTimerMs)).unref()
    else if (!isKept(pooled)) terminate(pooled)
  }

  /** Whether there are no more copies of its version than are kept. */
  function isKept({ version }: PooledCopy): boolean {
    return alive((one) => one.version === version).length <= (kept.get(version) ?? 0)
  }

  function terminate(pooled: PooledCopy): void {
    clearTimeout(pooled.idle)
    pooled.state = 'ending'
    pooled.copy.kill()
  }

  async function discard(pooled: PooledCopy): Promise<void> {
    terminate(pooled)
    await pooled.copy.exited
  }

  function ended(pooled: PooledCopy, exit: Exit): void {
    clearTimeout(pooled.idle)
    const sentence = exitSentence(exit)
    const wasEnded = pooled.state === 'ending' && pooled.fault === null
    pooled.state = 'ending'
    copies.delete(pooled)
    if (!wasEnded) failures.add(pooled, pooled.fault ?? sentence)
    pooled.onMessage?.({ type: 'ended', sentence: pooled.endedBy ?? sentence })
  }

  function declared(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    )
  }

  /** Makes room for one more copy of a model: those that idle for longest go, of its other versions. */
  function makeRoom(model: string): void {
    const own = alive((one) => one.model === model)
    const idle = own.filter(({ state }) => state === 'idle')
    idle.sort((a, b) => a.idleFrom - b.idleFrom)
    for (const pooled of idle.slice(0, Math.max(0, own.length + 1 - mostOf(model))))
      terminate(pooled)
  }

  function drain(pooled: PooledCopy): void {
    pooled.isLeaving = true
    if (!pooled.onMessage) terminate(pooled)
  }

  /** A copy that waits for a run, one that is ready first. */
  function free(local: LocalModel): PooledCopy | undefined {
    const { id } = local.model.version
    const own = alive((one) => one.version === id && !one.onMessage && !one.isLeaving)
    return own.find(({ state }) => state === 'idle') ?? own[0]
  }

  return {
    /** Whether a run of this version would start a process. */
    startsFor: (local: LocalModel): boolean => free(local) === undefined,
    /** A copy for one run: an idle one, or else one that is still booting. */
    acquire(local: LocalModel, onMessage: NonNullable<PooledCopy['onMessage']>): PooledCopy {
      const waiting = free(local)
      if (!waiting) {
        makeRoom(modelName(local.model.ref))
        return start(local, onMessage)
      }
      clearTimeout(waiting.idle)
      if (waiting.state === 'idle') waiting.state = 'busy'
      waiting.idleSince = null
      waiting.onMessage = onMessage
      return waiting
    },
    /** Starts a copy that waits for its first run. */
    warm(local: LocalModel): void {
      start(local, null)
    },
    /** Returns a copy after its run. It may have ended meanwhile. */
    release(pooled: PooledCopy): void {
      if (pooled.state === 'ending') pooled.onMessage = null
      else rest(pooled)
    },
    /** Kills a copy after its run; resolves when it is gone. */
    discard,
    /** Kills a copy whose run does not end by itself. */
    kill: terminate,
    /** Of the version that runs unless another is asked for, when that is known. */
    warmth(ref: ModelRef, version: string | null): Warmth {
      const own = alive(
        (one) => one.model === modelName(ref) && (version === null || one.version === version),
      )
      if (own.some(({ state }) => state !== 'booting')) return 'warm'
      return own.length > 0 ? 'booting' : 'cold'
    },
    /**
     * Ends copies of what has changed, once they have no run: they were started from files that are others now.
     * Those of earlier versions, whose source is kept, stay while their model is there.
     */
    keepOnly(models: readonly LocalModel[]): void {
      const current = new Set(models.map(({ model }) => model.version.id))
      const names = new Set(models.map(({ model }) => modelName(model.ref)))
      for (const pooled of copies) {
        const { state, isEarlier, version, model } = pooled
        const isThere = isEarlier ? names.has(model) : current.has(version)
        if (!isThere && state !== 'ending') drain(pooled)
      }
    },
    /** From now on, so many copies of these versions, by their ids, are not ended for being idle. */
    keep(counts: ReadonlyMap<string, number>): void {
      kept = counts
      for (const pooled of copies) if (pooled.state === 'idle') endWhenIdle(pooled)
    },
    /** Whether copies of a version are not ended for being idle. */
    keeps: (version: string): boolean => (kept.get(version) ?? 0) > 0,
    /** How many copies there are of a version, of a model, and how many boot in all. */
    count: (local: LocalModel) => ({
      ofVersion: alive((one) => !one.isLeaving && one.version === local.model.version.id).length,
      ofModel: alive((one) => one.model === modelName(local.model.ref)).length,
      booting: alive((one) => one.state === 'booting').length,
    }),
    failures,
    /** Those of a model, without those that are being ended. */
    of: (ref: ModelRef): readonly PooledCopy[] => alive((one) => one.model === modelName(ref)),
    named: (name: string): PooledCopy | undefined => alive((one) => one.name === name)[0],
    /** Ends a copy once it has no run, and gives it no more. */
    drain,
    /** Kills all copies; resolves when all are gone. */
    async close(): Promise<void> {
      await Promise.all([...copies].map(discard))
    },
  }
}
