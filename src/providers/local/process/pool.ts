import type { Warmth } from '../../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { LocalModel } from '../library/describe.ts'
import type { FromCopy } from '../protocol.ts'
import { type Exit, exitSentence } from './exit.ts'
import type { Reaper } from './reaper.ts'
import { type Copy, startCopy } from './start-copy.ts'

/** A message about a copy to its run. `ended` is the last. */
export type PoolMessage =
  | FromCopy
  | { readonly type: 'printed'; readonly text: string }
  | { readonly type: 'ended'; readonly sentence: string }

export interface PooledCopy {
  readonly copy: Copy
  readonly version: string
  readonly model: string
  /** Whether it was started for an earlier version. */
  readonly isEarlier: boolean
  readonly memoryMb: number
  state: 'booting' | 'busy' | 'idle' | 'ending'
  /** Receives its messages while a run has it. */
  onMessage: (message: PoolMessage) => void
  idle: NodeJS.Timeout | undefined
}

export type Pool = ReturnType<typeof createPool>

interface PoolOptions {
  readonly reaper: Reaper
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly idleMs: number
}

/** The copies of all local models: started when first needed, and kept until they were idle for `idleMs`. */
export function createPool({ reaper, environment, idleMs }: PoolOptions) {
  const copies = new Set<PooledCopy>()

  function start(local: LocalModel, onMessage: PooledCopy['onMessage']): PooledCopy {
    const copy = startCopy(
      {
        memoryMb: local.memoryMb,
        env: declared(local.env),
        folder: local.folder.path,
        onMessage: (message) => receive(pooled, message),
        onPrinted: (text) => pooled.onMessage({ type: 'printed', text }),
        onExit: (exit) => ended(pooled, exit),
      },
      reaper,
    )
    const pooled: PooledCopy = {
      copy,
      version: local.model.version.id,
      model: modelName(local.model.ref),
      isEarlier: local.home !== null,
      memoryMb: local.memoryMb,
      state: 'booting',
      onMessage,
      idle: undefined,
    }
    copies.add(pooled)
    copy.send({ type: 'load', path: local.folder.entry, home: local.home })
    return pooled
  }

  /** A copy that failed outside a run is not used again. */
  function receive(pooled: PooledCopy, message: FromCopy): void {
    pooled.onMessage(message)
    if (message.type === 'failed' && !message.reusable) terminate(pooled)
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
    pooled.state = 'ending'
    copies.delete(pooled)
    pooled.onMessage({ type: 'ended', sentence: exitSentence(exit) })
  }

  function declared(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    )
  }

  return {
    /** A copy for one run: an idle one, or else a new one that is still booting. */
    acquire(local: LocalModel, onMessage: PooledCopy['onMessage']): PooledCopy {
      const version = local.model.version.id
      const waiting = [...copies].find((one) => one.version === version && one.state === 'idle')
      if (!waiting) return start(local, onMessage)
      clearTimeout(waiting.idle)
      waiting.state = 'busy'
      waiting.onMessage = onMessage
      return waiting
    },
    /** Returns a copy after its run. It may have ended meanwhile. */
    release(pooled: PooledCopy): void {
      pooled.onMessage = () => {}
      if (pooled.state === 'ending') return
      pooled.state = 'idle'
      pooled.idle = setTimeout(() => terminate(pooled), idleMs).unref()
    },
    /** Kills a copy after its run; resolves when it is gone. */
    discard,
    warmth(ref: ModelRef): Warmth {
      const own = [...copies].filter(
        ({ model, state }) => model === modelName(ref) && state !== 'ending',
      )
      if (own.some(({ state }) => state !== 'booting')) return 'warm'
      return own.length > 0 ? 'booting' : 'cold'
    },
    /**
     * Ends idle copies of what has changed: they were started from files that are others now. Those of earlier
     * versions, whose source is kept, stay while their model is there.
     */
    keepOnly(models: readonly LocalModel[]): void {
      const current = new Set(models.map(({ model }) => model.version.id))
      const names = new Set(models.map(({ model }) => modelName(model.ref)))
      for (const pooled of copies) {
        const { state, isEarlier, version, model } = pooled
        const isThere = isEarlier ? names.has(model) : current.has(version)
        if (state === 'idle' && !isThere) terminate(pooled)
      }
    },
    /** Kills all copies; resolves when all are gone. */
    async close(): Promise<void> {
      await Promise.all([...copies].map(discard))
    },
  }
}
