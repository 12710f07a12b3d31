import { setTimeout as delay } from 'node:timers/promises'
import { EngineError } from '../engine-error.ts'
import type { Host } from './host.ts'
import type { Images } from './images.ts'
import { createLogTail } from './log-tail.ts'
import type { InstanceState, Phase, PullState, Readiness } from './states.ts'
import type { Workload } from './workload.ts'

export interface InstanceOptions {
  /** Its name at the engine, which no other container has. */
  readonly name: string
  readonly workload: Workload
  readonly gpus: readonly string[]
  readonly host: Host
  readonly images: Images
  /** Asks the server in a container how it is. Never rejects. */
  readonly look: (origin: string) => Promise<Readiness>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called after each change of its state. */
  readonly changed: () => void
}

/** How an instance ended: because it was told to, or why not. */
export type InstanceEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'broken'; readonly sentence: string }

export type Instance = ReturnType<typeof createInstance>

/** Between two looks at a container that boots, in milliseconds. */
const lookEveryMs = 250

/** One container from its start to its end. */
export function createInstance(options: InstanceOptions) {
  const { name, workload, gpus, host, images, look, now, changed } = options
  const startedAt = now()
  const logs = createLogTail()
  const stopping = new AbortController()
  const over = Promise.withResolvers<InstanceEnd>()
  let phase: Phase = 'pulling'
  let container: string | null = null
  let origin: string | null = null
  let pull: PullState | null = null
  let readyAt: number | null = null
  let idleSince: number | null = null
  let runs = 0
  let toldAt = 0
  /** Settles when nothing creates a container for it any more. */
  let booting: Promise<void> = Promise.resolve()

  function enter(next: Phase): void {
    phase = next
    changed()
  }

  async function boot(): Promise<void> {
    const image = await images.ensure(workload.image, stopping.signal, (state) => {
      pull = state
      changed()
    })
    pull = null
    if (stopping.signal.aborted) return
    enter('starting')
    const started = await host.create(name, workload, { image, gpus })
    follow(started.container, started.origin)
    if (!stopping.signal.aborted) await becomesReady(started.origin)
  }

  /** Reads what the container writes, and notices its end. */
  function follow(id: string, at: string): void {
    container = id
    origin = at
    if (stopping.signal.aborted) return
    enter('booting')
    void readLogs(id)
    void noticeEnd(id)
  }

  async function readLogs(id: string): Promise<void> {
    try {
      for await (const { text } of host.engine.logs(id, stopping.signal)) {
        logs.add(text)
        tellOfLogs()
      }
    } catch (error) {
      // Without its logs a container runs all the same.
      if (!(error instanceof EngineError)) throw error
    }
  }

  /** A set-up may write thousands of lines. */
  function tellOfLogs(): void {
    if (phase !== 'booting' || now() - toldAt < lookEveryMs) return
    toldAt = now()
    changed()
  }

  async function noticeEnd(id: string): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const code = await host.engine.ended(id, stopping.signal)
        return end({ kind: 'broken', sentence: exitSentence(code) })
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        if (!error.isAway) return end({ kind: 'broken', sentence: asSentence(error.message) })
        // The engine is away. What runs goes on, and can be used.
        await delay(awayMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      }
    }
  }

  async function becomesReady(at: string): Promise<void> {
    const limit = now() + workload.bootLimitMs
    while (!stopping.signal.aborted) {
      const readiness = await look(at)
      if (readiness.state === 'ready') return ready()
      if (readiness.state === 'broken') {
        for (const line of readiness.logs.split('\n')) logs.add(line)
        return end({ kind: 'broken', sentence: readiness.sentence })
      }
      if (now() > limit) return end({ kind: 'broken', sentence: tooSlow(workload.bootLimitMs) })
      await delay(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  function ready(): void {
    readyAt = now()
    idleSince = runs === 0 ? readyAt : null
    enter('ready')
  }

  /** Ends it for whatever reason, once. `over` resolves when its container is gone. */
  function end(how: InstanceEnd): void {
    if (stopping.signal.aborted) return
    stopping.abort()
    phase = 'leaving'
    void booting
      .then(() => (container === null ? undefined : host.remove(container, workload)))
      // What could not be removed now is found by the next comparison with the engine.
      .catch(() => {})
      .finally(() => over.resolve(how))
  }

  return {
    name,
    workload,
    gpus,
    /** Resolves when it has ended and its container is gone. */
    over: over.promise,
    /** Pulls its image when that is not there, starts it, and waits until it is ready. */
    start(): void {
      booting = boot().catch((error) => {
        if (!(error instanceof EngineError)) throw error
        end({ kind: 'broken', sentence: asSentence(error.message) })
      })
    },
    /** Goes on with a container that an earlier process of this server has started. */
    adopt(id: string, at: string): void {
      follow(id, at)
      void becomesReady(at)
    },
    /** Takes a slot of it; the function that it returns gives it back. */
    reserve(): () => void {
      runs++
      idleSince = null
      let isReserved = true
      return () => {
        if (!isReserved) return
        isReserved = false
        runs--
        if (runs === 0) idleSince = now()
        if (runs === 0 && phase === 'leaving') end({ kind: 'stopped' })
        changed()
      }
    },
    /** Takes no more runs, and stops once it has none. */
    leave(): void {
      if (phase === 'leaving') return
      phase = 'leaving'
      if (runs === 0) end({ kind: 'stopped' })
      changed()
    },
    /** Stops it, whatever it does. */
    stop: () => end({ kind: 'stopped' }),
    /** Stops to follow it, and leaves the container to the next process of this server. */
    letGo: () => stopping.abort(),
    /** The container is gone, as the engine says. */
    lost: () => end({ kind: 'broken', sentence: 'Its container was removed.' }),
    container: () => container,
    state: (): InstanceState => ({
      name,
      model: workload.model,
      deployment: workload.deployment,
      version: workload.version,
      engine: host.name,
      gpus,
      phase,
      origin,
      startedAt,
      readyAt,
      idleSince,
      runs,
      slots: workload.slots,
      pull,
      logs: logs.text(),
    }),
    hasFreeSlot: () => phase === 'ready' && runs < workload.slots,
    lastLine: logs.last,
    logs: logs.text,
  }
}

/** How long an engine that is away is left alone, in milliseconds. */
const awayMs = 1_000

/** Podman does not say when a container was out of memory. */
function exitSentence(code: number | null): string {
  if (code === 137) return 'Its container was killed, probably because it was out of memory.'
  if (code === null) return 'Its container was removed.'
  return `Its container ended with exit code ${code}.`
}

function tooSlow(limitMs: number): string {
  return `Its container was not ready after ${Math.round(limitMs / 1_000)} s.`
}

/** What an engine says, as a sentence. */
function asSentence(message: string): string {
  return `The container could not be started: ${message.trim().slice(0, 500).replace(/\.$/, '')}.`
}
