import { type ModelRef, modelName, type Warmth } from '../../domain/model.ts'
import { type Copy, startCopy } from './copies.ts'
import type { LocalModel } from './describe.ts'
import { type Ending, endingSentence } from './ending.ts'
import type { FromCopy } from './protocol.ts'
import type { Reaper } from './reaper.ts'

/** A copy that nothing has asked for in this long is let go. */
const idleMs = 5 * 60_000

/** What a run hears from its copy. The end of the process is the last of it. */
export type FromRun =
  | FromCopy
  | { readonly type: 'printed'; readonly text: string }
  | { readonly type: 'ended'; readonly sentence: string }

export interface PooledCopy {
  readonly copy: Copy
  readonly version: string
  readonly model: string
  state: 'booting' | 'busy' | 'idle'
  /** Where what it says goes while it is taken. */
  hear: (message: FromRun) => void
  idle: NodeJS.Timeout | undefined
}

export type Pool = ReturnType<typeof createPool>

interface PoolOptions {
  readonly reaper: Reaper
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** The copies of all local models: cold until first used, then warm until idle for a while. */
export function createPool({ reaper, environment }: PoolOptions) {
  const copies = new Set<PooledCopy>()
  let drained: (() => void) | null = null

  function start(local: LocalModel, hear: PooledCopy['hear']): PooledCopy {
    const copy = startCopy(
      {
        memoryMb: local.memoryMb,
        env: declared(local.env),
        folder: local.folder.path,
        onMessage: (message) => pooled.hear(message),
        onPrinted: (text) => pooled.hear({ type: 'printed', text }),
        onEnd: (ending) => ended(pooled, ending),
      },
      reaper,
    )
    const pooled: PooledCopy = {
      copy,
      version: local.model.version.id,
      model: modelName(local.model.ref),
      state: 'booting',
      hear,
      idle: undefined,
    }
    copies.add(pooled)
    copy.send({ type: 'load', path: local.folder.entry })
    return pooled
  }

  function ended(pooled: PooledCopy, ending: Ending): void {
    clearTimeout(pooled.idle)
    copies.delete(pooled)
    pooled.hear({ type: 'ended', sentence: endingSentence(ending) })
    if (copies.size === 0) drained?.()
  }

  function declared(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    )
  }

  return {
    /** A copy for one run: one that waits, else a new one that is still booting. */
    take(local: LocalModel, hear: PooledCopy['hear']): PooledCopy {
      const version = local.model.version.id
      const waiting = [...copies].find((one) => one.version === version && one.state === 'idle')
      if (!waiting) return start(local, hear)
      clearTimeout(waiting.idle)
      waiting.state = 'busy'
      waiting.hear = hear
      return waiting
    },
    /** Gives a copy back after its run. */
    giveBack(pooled: PooledCopy): void {
      pooled.state = 'idle'
      pooled.hear = () => {}
      pooled.idle = setTimeout(() => pooled.copy.kill(), idleMs)
      pooled.idle.unref()
    },
    warmth(ref: ModelRef): Warmth {
      const own = [...copies].filter(({ model }) => model === modelName(ref))
      if (own.some(({ state }) => state !== 'booting')) return 'warm'
      return own.length > 0 ? 'booting' : 'cold'
    },
    /** Lets waiting copies of versions go that are no longer current. */
    keepOnly(models: readonly LocalModel[]): void {
      const current = new Set(models.map(({ model }) => model.version.id))
      for (const { version, state, copy } of copies)
        if (state === 'idle' && !current.has(version)) copy.kill()
    },
    /** Kills every copy and waits for the last to be gone. */
    async close(): Promise<void> {
      if (copies.size === 0) return
      const gone = new Promise<void>((resolve) => {
        drained = resolve
      })
      for (const { copy } of copies) copy.kill()
      await gone
    },
  }
}
