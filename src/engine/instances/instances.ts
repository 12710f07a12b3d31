import {
  type Failures,
  isFailing,
  noFailures,
  notBefore,
  withFailure,
} from '../../domain/instance/back-off.ts'
import type { InstanceFailure, InstanceMemory, InstanceState } from '../../domain/instance/state.ts'
import { EngineError } from '../engine-error.ts'
import { placements } from '../placement/placement.ts'
import type { HoldUp, Running, Wish } from '../placement/situation.ts'
import type { Adopted } from './host.ts'
import {
  createInstance,
  type Instance,
  type InstanceEnd,
  type InstanceOptions,
} from './instance.ts'
import { defaultInstanceLimits, type InstanceLimits } from './limits.ts'
import { createPlace, type EngineOptions, type Place } from './place.ts'
import type { Readiness } from './states.ts'
import { createWaiting, type Slot, type Taken, type Waiter, type WaitState } from './waiting.ts'
import type { Workload, WorkloadImage } from './workload.ts'

export interface InstancesOptions {
  readonly engines: readonly EngineOptions[]
  /** Marks the containers that are of this server. */
  readonly server: string
  readonly workloads: Workloads
  readonly look: (origin: string) => Promise<Readiness>
  readonly authFor: (image: string) => string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  /** Whether containers are left running when the server stops, for the next one to go on with. */
  readonly keep: boolean
  /** The most that the images of models may take at each engine, in bytes; null for as much as there is. */
  readonly imagesMax: number | null
  /** Where another server may run the containers meanwhile: whether this one still does. */
  readonly mayAct?: () => boolean
  readonly log: { error(details: object, message: string): void }
  /** Overrides of `defaultInstanceLimits`. */
  readonly limits?: Partial<InstanceLimits>
}

/** The things that containers may be run for. */
export interface Workloads {
  /** As it is now; null when it is no more. */
  find(key: string): Workload | null
  /** Those of which some are kept ready. The others are run when somebody takes a slot. */
  kept(): readonly Workload[]
  /** The images of all of them. */
  images(): readonly WorkloadImage[]
}

/** Containers that start when somebody needs them, and stop when nobody does. */
export interface Instances {
  /**
   * Waits for a slot in a container of a workload, for which one is started when that is needed.
   *
   * @param waits Called with what it waits for, whenever that changes.
   */
  take(workload: Workload, signal: AbortSignal, waits: (state: WaitState) => void): Promise<Taken>
  /** The slot of a run that an earlier process of this server has begun; null when its container is gone. */
  takeAt(origin: string, signal: AbortSignal): Promise<Slot | null>
  /** The containers of a model, its deployments’ and earlier versions’ included. */
  of(model: string): readonly InstanceState[]
  /** The failures of the containers of a workload since the last that became ready, the latest first. */
  failuresOf(key: string): readonly InstanceFailure[]
  /** The same of all containers of a model, by the keys of their workloads. */
  failing(model: string): Readonly<Record<string, readonly InstanceFailure[]>>
  /** The memory of a container by its name; null when it is not known. Never rejects. */
  memoryOf(name: string): Promise<InstanceMemory | null>
  /** Gives a container no more runs, and ends it once it has none. Resolves with false when there is none. */
  drain(name: string): Promise<boolean>
  /** Ends a container, whatever it does. Resolves with false when there is none. */
  stop(name: string): Promise<boolean>
  /** Forgets the failures of a model, so that the next container starts at once. */
  tryAgain(model: string): Promise<void>
  /** To be called when what is to be run has changed. */
  changed(): void
  /** Calls back after each change, with the name of the model. */
  listen(listener: (model: string) => void): void
  close(): Promise<void>
}

/** The instances of engines that no other server starts containers on for the same models. */
export function createInstances(options: InstancesOptions): Instances {
  const { workloads, now, newId, look, authFor, server, log, mayAct = () => true } = options
  const limits = { ...defaultInstanceLimits, ...options.limits }
  const instances = new Set<Instance>()
  const waiting = createWaiting({ now, changed: soon })
  const failures = new Map<string, Failures & { readonly model: string }>()
  const bootTimes = new Map<string, number>()
  const listeners = new Set<(model: string) => void>()
  const closing = new AbortController()
  let holdUps: ReadonlyMap<string, HoldUp> = new Map()
  let isStepDue = false
  const places = new Map(options.engines.map((one) => [one.engine.name, placeOf(one)]))
  const adopted = Promise.all([...places.values()].map((place) => place.adopted))
  const timers = [
    setInterval(step, limits.stepEveryMs),
    setInterval(() => compareAll(), limits.compareEveryMs),
    setInterval(() => compareAll((place) => place.away() !== null), limits.awayAgainMs),
    setInterval(lookAgain, limits.lookAgainMs),
  ]
  for (const timer of timers) timer.unref()

  function placeOf(engine: EngineOptions): Place {
    return createPlace({
      ...engine,
      server,
      authFor,
      limits,
      imagesMax: options.imagesMax,
      images: workloads.images,
      mayAct,
      signal: closing.signal,
      find: workloads.find,
      adopt: (one) => adopt(engine.engine.name, one),
      instances: () => [...instances].filter((one) => one.engine === engine.engine.name),
      changed: soon,
    })
  }

  function adopt(engine: string, { container, origin, startedAt, ...one }: Adopted): void {
    const place = places.get(engine)
    if (place) add(place, one).adopt(container, origin, startedAt)
  }

  function add(
    place: Place,
    which: Pick<InstanceOptions, 'name' | 'workload' | 'gpus' | 'gpuBytes' | 'isOutdated'>,
  ): Instance {
    const instance: Instance = createInstance({
      ...which,
      host: place.host,
      images: place.images,
      look,
      limits,
      now,
      changed: () => changedOf(instance),
      ending: (how) => noteEnd(place, instance, how),
    })
    instances.add(instance)
    void instance.over.then(() => gone(instance))
    return instance
  }

  function changedOf(instance: Instance): void {
    const { workload } = instance
    if (instance.state().phase === 'ready') {
      const bootMs = instance.bootMs()
      if (bootMs !== null) bootTimes.set(workload.key, bootMs)
      failures.delete(workload.key)
    }
    soon()
    tell(workload.model)
  }

  /** Noted before its container is gone: the next one is not started at once. */
  function noteEnd(place: Place, instance: Instance, how: InstanceEnd): void {
    const { key, model } = instance.workload
    if (how.kind === 'away') place.isAway(how.sentence)
    if (how.kind === 'broken') {
      const sentence = withLastLine(how.sentence, instance.lastLine())
      const failure = { at: now(), sentence, logs: instance.logs() }
      failures.set(key, { model, ...withFailure(failures.get(key) ?? noFailures, failure) })
    }
    soon()
    tell(model)
  }

  function gone(instance: Instance): void {
    instances.delete(instance)
    soon()
    tell(instance.workload.model)
  }

  function tell(model: string): void {
    for (const listener of listeners) listener(model)
  }

  /** Several changes at once lead to one step. */
  function soon(): void {
    if (isStepDue || closing.signal.aborted) return
    isStepDue = true
    setImmediate(() => {
      isStepDue = false
      step()
    })
  }

  function step(): void {
    if (closing.signal.aborted || !mayAct()) return
    const wanted = wantedWorkloads()
    for (const one of instances) one.compareWith(wanted.get(one.workload.key) ?? null)
    serve()
    const placed = placements({
      now: now(),
      engines: [...places.values()].map(({ room, isOpen }) => ({ ...room, isOpen: isOpen() })),
      wishes: [...wanted.values()].map(wishOf),
      running: [...instances].map(runningOf),
    })
    holdUps = placed.holdUps
    for (const id of placed.leaves) byName(id)?.leave()
    for (const { key, engine, gpus } of placed.starts) {
      const workload = wanted.get(key)
      const place = places.get(engine)
      if (!workload || !place) continue
      const { gpuBytes } = workload
      const name = `sandpit-${newId()}`
      add(place, { name, workload, gpus, gpuBytes, isOutdated: false }).start()
    }
    for (const waiter of waiting.all()) {
      const vain = vainSentence(holdUps.get(waiter.workload.key))
      if (vain === null) waiter.waits(waitStateOf(waiter))
      else waiter.done({ kind: 'broken', sentence: vain })
    }
  }

  /** Gives slots to those who wait, in the order in which they came, and fails those who wait in vain. */
  function serve(): void {
    for (const waiter of waiting.all()) {
      const { key } = waiter.workload
      const free = freeFor(key)
      const origin = free?.state().origin
      const failed = failures.get(key)
      if (free && origin) waiter.done({ kind: 'slot', slot: { origin, release: free.reserve() } })
      else if (failed && isFailing(failed, now()))
        waiter.done({ kind: 'broken', sentence: failed.recent[0]?.sentence ?? '' })
    }
  }

  /** One with a free slot; with the settings of now, where there is one. */
  function freeFor(key: string): Instance | undefined {
    const free = [...instances].filter((one) => one.workload.key === key && one.hasFreeSlot())
    return free.find((one) => !one.isOutdated()) ?? free[0]
  }

  /** Those of which some are kept ready, that somebody waits for, or that containers run for. */
  function wantedWorkloads(): ReadonlyMap<string, Workload> {
    const asked = waiting.all().map(({ workload }) => workloads.find(workload.key) ?? workload)
    const run = [...instances].flatMap(({ workload }) => workloads.find(workload.key) ?? [])
    return new Map([...run, ...asked, ...workloads.kept()].map((one) => [one.key, one]))
  }

  function wishOf(workload: Workload): Wish {
    const { key, replacedBy, engines, gpus, gpuBytes, min, max, slots, idleMs } = workload
    const own = waiting.of(key)
    return {
      ...{ key, replacedBy, engines, gpus, gpuBytes, min, max, slots, idleMs },
      waiting: own.length,
      waitsSince: own.length === 0 ? null : Math.min(...own.map(({ since }) => since)),
      runMs: workload.usualRun(),
      bootMs: bootTimes.get(key) ?? null,
      notBefore: notBefore(failures.get(key) ?? noFailures),
    }
  }

  function waitStateOf({ workload: { key, engines } }: Waiter): WaitState {
    const own = [...instances].filter(({ workload }) => workload.key === key)
    const coming = own
      .map((one) => one.state())
      .find(({ phase }) => phase !== 'ready' && phase !== 'leaving')
    if (coming) return { kind: 'instance', state: coming }
    const aways = engines.map((name) => places.get(name)?.away() ?? null)
    const [away = null] = aways
    if (away !== null && !aways.includes(null)) return { kind: 'engine away', sentence: away }
    const holdUp = holdUps.get(key)
    const logs = failures.get(key)?.recent[0]?.logs ?? ''
    return holdUp ? { kind: 'held up', holdUp, logs } : { kind: 'busy' }
  }

  function byName(name: string): Instance | undefined {
    return [...instances].find((one) => one.name === name)
  }

  function compareAll(which: (place: Place) => boolean = () => true): void {
    if (mayAct()) for (const place of places.values()) if (which(place)) void place.compare()
  }

  function lookAgain(): void {
    if (mayAct()) for (const instance of instances) void instance.lookAgain()
  }

  return {
    take(workload, signal, waits) {
      const taken = waiting.add(workload, AbortSignal.any([signal, closing.signal]), waits)
      step()
      return taken
    },
    async takeAt(origin, signal) {
      await Promise.race([adopted, aborted(signal)])
      const found = [...instances].find((one) => one.state().origin === origin)
      return found && !signal.aborted ? { origin, release: found.reserve() } : null
    },
    of: (model) =>
      [...instances].filter(({ workload }) => workload.model === model).map((one) => one.state()),
    failuresOf: (key) => failures.get(key)?.recent ?? [],
    failing: (model) =>
      Object.fromEntries(
        [...failures]
          .filter(([, one]) => one.model === model)
          .map(([key, one]) => [key, one.recent]),
      ),
    async memoryOf(name) {
      const instance = byName(name)
      const container = instance?.container()
      const place = instance && places.get(instance.engine)
      if (!container || !place) return null
      return await place.host.engine.memory(container).catch(orNull)
    },
    async drain(name) {
      const instance = byName(name)
      instance?.leave()
      return instance !== undefined
    },
    async stop(name) {
      const instance = byName(name)
      instance?.stop()
      return instance !== undefined
    },
    async tryAgain(model) {
      for (const [key, failed] of failures) if (failed.model === model) failures.delete(key)
      soon()
    },
    changed: soon,
    listen: (listener) => void listeners.add(listener),
    async close() {
      closing.abort()
      for (const timer of timers) clearInterval(timer)
      if (options.keep) for (const instance of instances) instance.letGo()
      else await stopAll(instances)
      await Promise.all([...places.values()].map(({ host }) => host.engine.close()))
    },
  }

  async function stopAll(all: ReadonlySet<Instance>): Promise<void> {
    for (const instance of all) instance.stop()
    const ended = await Promise.allSettled([...all].map(({ over }) => over))
    for (const one of ended)
      if (one.status === 'rejected') log.error({ error: one.reason }, 'A container may still run')
  }
}

function orNull(error: unknown): null {
  if (error instanceof EngineError) return null
  throw error
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Why a run waits in vain, as a sentence; null when it does not. */
function vainSentence(holdUp: HoldUp | undefined): string | null {
  if (holdUp?.kind === 'never')
    return 'No container engine of this server has the GPUs that the model needs.'
  return holdUp?.kind === 'no engine' ? 'Its container engine is not configured any more.' : null
}

function runningOf(instance: Instance): Running {
  const { name, workload, gpus, gpuBytes } = instance
  const { phase, engine, isOutdated, runs, readyAt, idleSince } = instance.state()
  return {
    id: name,
    key: workload.key,
    engine: engine ?? '',
    gpus,
    gpuBytes,
    state: phase === 'ready' || phase === 'leaving' ? phase : 'booting',
    isOutdated,
    runs,
    readySince: readyAt,
    idleSince,
  }
}

function withLastLine(sentence: string, line: string): string {
  return line === '' || sentence.includes(line)
    ? sentence
    : `${sentence} It last wrote: ${line.slice(0, 300)}`
}
