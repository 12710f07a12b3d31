import type { InstancePhase, InstanceState, PullState } from '../../domain/instance/state.ts'
import { sleep } from '../../sleep.ts'
import { EngineError } from '../engine-error.ts'
import type { Host } from './host.ts'
import type { Images } from './images.ts'
import type { InstanceLimits } from './limits.ts'
import { createLogTail } from './log-tail.ts'
import type { Readiness } from './states.ts'
import { isSameContainer, type Workload } from './workload.ts'

export interface InstanceOptions {
  /** Its name at the engine, which no other container has. */
  readonly name: string
  readonly workload: Workload
  readonly gpus: readonly string[]
  /** The memory that it takes of its GPU, in bytes; null where it has its GPUs to itself. */
  readonly gpuBytes: number | null
  /** Whether it was created from other settings than those of now. */
  readonly isOutdated: boolean
  readonly host: Host
  readonly images: Images
  /** Asks the server in a container how it is. Never rejects. */
  readonly look: (origin: string) => Promise<Readiness>
  readonly limits: InstanceLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called after each change of its state. */
  readonly changed: () => void
  /** Called once, as soon as it ends: its container may take a while to go. */
  readonly ending: (how: InstanceEnd) => void
}

/**
 * How an instance ended. `stopped`: it was told to. `broken`: why as a sentence. `away`: its engine could not be asked,
 * and why as part of a sentence.
 */
export type InstanceEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'broken' | 'away'; readonly sentence: string }

export type Instance = ReturnType<typeof createInstance>

/** One container from its start to its end. */
export function createInstance(options: InstanceOptions) {
  const { name, workload, gpus, gpuBytes, host, images, look, limits, now, changed, ending } =
    options
  const logs = createLogTail()
  const stopping = new AbortController()
  /** Aborted once its container need not be removed when the engine is away. */
  const lastTry = new AbortController()
  const over = Promise.withResolvers<void>()
  let startedAt = now()
  let phase: InstancePhase = 'pulling'
  let container: string | null = null
  let image: string | null = null
  let origin: string | null = null
  let pull: PullState | null = null
  let readyAt: number | null = null
  let idleSince: number | null = null
  let runs = 0
  let toldAt = 0
  /** Since when its container is created; null for one that an earlier process started. */
  let createdAt: number | null = null
  let hasExited = false
  let isOutdated = options.isOutdated
  /** When a container of an earlier process was found; null for one of its own. */
  let foundAt: number | null = null
  /** How often it did not answer, one time after another. */
  let silences = 0
  let reading: Promise<void> = Promise.resolve()
  /** Settles when nothing creates a container for it any more. */
  let booting: Promise<void> = Promise.resolve()

  function enter(next: InstancePhase): void {
    phase = next
    changed()
  }

  async function boot(): Promise<void> {
    image = await images.ensure(workload.image, stopping.signal, (state) => {
      pull = state
      changed()
    })
    pull = null
    if (stopping.signal.aborted) return
    createdAt = now()
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
    reading = readLogs(id)
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
    if (phase !== 'booting' || now() - toldAt < limits.lookEveryMs) return
    toldAt = now()
    changed()
  }

  async function noticeEnd(id: string): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        return await exited(await host.engine.ended(id, stopping.signal))
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        if (!error.isAway) return end({ kind: 'broken', sentence: asSentence(error.message) })
        // The engine is away. What runs goes on, and can be used.
        await sleep(limits.awayAgainMs, stopping.signal)
      }
    }
  }

  async function exited(code: number | null): Promise<void> {
    hasExited = true
    // Its last lines say why, and may still be on their way.
    await Promise.race([reading, sleep(limits.lastLinesMs, stopping.signal)])
    end({ kind: 'broken', sentence: exitSentence(code) })
  }

  async function becomesReady(at: string): Promise<void> {
    const limit = now() + workload.bootLimitMs
    while (!stopping.signal.aborted) {
      const readiness = await look(at)
      if (stopping.signal.aborted) return
      if (readiness.state === 'ready') return ready()
      if (readiness.state === 'broken') {
        addUnknown(readiness.logs)
        return end({ kind: 'broken', sentence: readiness.sentence })
      }
      if (now() > limit) return end({ kind: 'broken', sentence: tooSlow(workload.bootLimitMs) })
      await sleep(limits.lookEveryMs, stopping.signal)
    }
  }

  /** Adds the lines of a set-up log that the container has not written itself. */
  function addUnknown(said: string): void {
    const known = new Set(logs.text().split('\n'))
    for (const line of said.split('\n')) if (!known.has(line)) logs.add(line)
  }

  function ready(): void {
    readyAt = now()
    idleSince = runs === 0 ? readyAt : null
    enter(phase === 'leaving' ? phase : 'ready')
  }

  /** Ends it for whatever reason, once. `over` resolves when its container is gone. */
  function end(how: InstanceEnd): void {
    if (stopping.signal.aborted) return
    stopping.abort()
    phase = 'leaving'
    ending(how)
    void booting.then(remove).finally(over.resolve)
  }

  /** Removes its container. Until then its GPUs are taken: an engine that is away is asked again. */
  async function remove(): Promise<void> {
    while (container !== null) {
      try {
        return await host.remove(container, workload)
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        if (lastTry.signal.aborted) return
        await sleep(limits.awayAgainMs, lastTry.signal)
      }
    }
  }

  return {
    name,
    workload,
    gpus,
    gpuBytes,
    engine: host.name,
    /** Resolves when it has ended and its container is gone. */
    over: over.promise,
    /** Pulls its image when that is not there, starts it, and waits until it is ready. */
    start(): void {
      booting = boot().catch((error) => {
        if (!(error instanceof EngineError)) throw error
        const { isAway, message } = error
        end(
          isAway
            ? { kind: 'away', sentence: message }
            : { kind: 'broken', sentence: asSentence(message) },
        )
      })
    },
    /** Goes on with a container that an earlier process of this server has started. */
    adopt(id: string, at: string, since: number | null): void {
      startedAt = since ?? startedAt
      foundAt = now()
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
    /** Notes whether it is as wanted now; null when nobody wants it. */
    compareWith(wanted: Workload | null): void {
      isOutdated ||= wanted !== null && !isSameContainer(workload, wanted)
    },
    isOutdated: () => isOutdated,
    /** Whether it was found so lately that its runs may not have been taken up yet. */
    isFound: () => foundAt !== null && now() - foundAt < limits.foundMs,
    /** Ends it when its server does not answer any more. One that works on a run may be too busy to answer. */
    async lookAgain(): Promise<void> {
      if (phase !== 'ready' || runs > 0 || origin === null) return
      const { state } = await look(origin)
      if (phase !== 'ready' || runs > 0) return
      silences = state === 'ready' ? 0 : silences + 1
      if (state === 'broken' || silences >= mostSilences)
        end({ kind: 'broken', sentence: 'The server in its container does not answer any more.' })
    },
    /** Takes no more runs, and stops once it has none. */
    leave(): void {
      if (phase === 'leaving') return
      phase = 'leaving'
      if (runs === 0) end({ kind: 'stopped' })
      changed()
    },
    /** Stops it, whatever it does, as far as its engine can be asked. */
    stop(): void {
      lastTry.abort()
      end({ kind: 'stopped' })
    },
    /** Stops to follow it, and leaves the container to the next process of this server. */
    letGo(): void {
      lastTry.abort()
      stopping.abort()
    },
    /** The container is gone, as the engine says. */
    lost: () => end({ kind: 'broken', sentence: 'Its container was removed.' }),
    /** The container has ended, as the engine says. */
    async found(): Promise<void> {
      const found = container === null ? null : await host.engine.inspect(container)
      await exited(found?.exitCode ?? null)
    },
    container: () => container,
    /** The engine’s id of its image; null before that is known, and of one that an earlier process started. */
    image: () => image,
    /** How long it took to become ready, in milliseconds, without its pull; null while that is not known. */
    bootMs: () => (readyAt === null || createdAt === null ? null : readyAt - createdAt),
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
      isOutdated,
      pull,
      // Joined when it is read: the rest is asked for with each step.
      get logs() {
        return logs.text()
      },
    }),
    hasFreeSlot: () => phase === 'ready' && !hasExited && runs < workload.slots,
    lastLine: logs.last,
    logs: logs.text,
  }
}

/** A server that did not answer so often in a row is taken to hang. */
const mostSilences = 3

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
