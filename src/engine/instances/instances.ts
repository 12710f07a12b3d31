import {
  type Failures,
  isFailing,
  noFailures,
  notBefore,
  withFailure,
} from '../../domain/instance/back-off.ts'
import type { InstanceFailure, InstanceState } from '../../domain/instance/state.ts'
import { sleep } from '../../sleep.ts'
import type { Engine } from '../client.ts'
import { EngineError } from '../engine-error.ts'
import { type HoldUp, placements, type Running, type Situation } from '../placement.ts'
import { createHost, type Host } from './host.ts'
import { createImages, type Images } from './images.ts'
import { createInstance, type Instance, type InstanceEnd } from './instance.ts'
import { defaultInstanceLimits, type InstanceLimits } from './limits.ts'
import type { Readiness } from './states.ts'
import type { Workload } from './workload.ts'

export interface InstancesOptions {
  readonly engines: readonly EngineOptions[]
  /** Marks the containers that are of this server. */
  readonly server: string
  /** What containers are to be run for now. Those without a minimum are run when somebody takes a slot. */
  readonly workloads: () => readonly Workload[]
  readonly look: (origin: string) => Promise<Readiness>
  readonly authFor: (image: string) => string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  /** Whether containers are left running when the server stops, for the next one to go on with. */
  readonly keep: boolean
  readonly log: { error(details: object, message: string): void }
  /** Overrides of `defaultInstanceLimits`. */
  readonly limits?: Partial<InstanceLimits>
}

export interface EngineOptions {
  readonly engine: Engine
  readonly gpus: readonly string[]
  readonly mostBooting: number
  readonly sharedNetwork: string | null
}

/** A slot of a container that is ready. */
export interface Slot {
  readonly origin: string
  /** Gives it back. */
  release(): void
}

/** `broken`: its containers cannot be started, and why as a sentence. `stopped`: the signal was aborted. */
export type Taken =
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'broken'; readonly sentence: string }
  | { readonly kind: 'stopped' }

/** Containers that start when somebody needs them, and stop when nobody does. */
export interface Instances {
  /**
   * Waits for a slot in a container of a workload, for which one is started when that is needed.
   *
   * @param waits Called with what it waits for, whenever that changes.
   */
  take(workload: Workload, signal: AbortSignal, waits: (state: WaitState) => void): Promise<Taken>
  /** The slot of a run that an earlier process of this server has begun; null when its container is gone. */
  takeAt(origin: string): Promise<Slot | null>
  /** The containers of a model, its deployments’ and earlier versions’ included. */
  of(model: string): readonly InstanceState[]
  /** The failures of the containers of a workload since the last that became ready, the latest first. */
  failuresOf(key: string): readonly InstanceFailure[]
  /** Forgets the failures of a model, so that the next container starts at once. */
  tryAgain(model: string): void
  /** To be called when what is to be run has changed. */
  changed(): void
  /** Calls back after each change, with the name of the model. */
  listen(listener: (model: string) => void): void
  close(): Promise<void>
}

/** What somebody who waits for a slot waits for. */
export type WaitState =
  | { readonly kind: 'instance'; readonly state: InstanceState }
  | { readonly kind: 'held up'; readonly holdUp: HoldUp }
  | { readonly kind: 'engine away'; readonly sentence: string }
  | { readonly kind: 'busy' }

interface Waiter {
  readonly workload: Workload
  readonly since: number
  readonly waits: (state: WaitState) => void
  readonly done: (taken: Taken) => void
}

export function createInstances(options: InstancesOptions): Instances {
  const { workloads, now, newId, look, authFor, server, log } = options
  const limits = { ...defaultInstanceLimits, ...options.limits }
  const places = new Map(options.engines.map((one) => [one.engine.name, createPlace(one)]))
  const instances = new Set<Instance>()
  const waiters = new Set<Waiter>()
  const failures = new Map<string, Failures>()
  const bootTimes = new Map<string, number>()
  const listeners = new Set<(model: string) => void>()
  const closing = new AbortController()
  let holdUps: ReadonlyMap<string, HoldUp> = new Map()
  let isStepDue = false
  const adopted = Promise.all([...places.values()].map(adopt))
  const stepping = setInterval(step, limits.stepEveryMs).unref()
  const comparing = setInterval(compareAll, limits.compareEveryMs).unref()
  const asking = setInterval(askAgain, limits.awayAgainMs).unref()

  function createPlace({ engine, gpus, mostBooting, sharedNetwork }: EngineOptions): Place {
    return {
      host: createHost({ engine, server, sharedNetwork }),
      images: createImages({ engine, authFor }),
      gpus,
      mostBooting,
      isAdopted: false,
      away: null,
    }
  }

  /** Finds the containers of an earlier process of this server. Nothing starts on the engine before. */
  async function adopt(place: Place): Promise<void> {
    while (!closing.signal.aborted && !place.isAdopted) {
      try {
        const wanted = new Map(workloads().map((one) => [one.key, one]))
        const all = await place.host.adopt(wanted)
        if (closing.signal.aborted) return
        for (const { workload, gpus, name, container, origin, startedAt } of all)
          add(place, name, workload, gpus).adopt(container, origin, startedAt)
        place.isAdopted = true
        place.away = null
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        place.away = error.message
        await sleep(limits.awayAgainMs, closing.signal)
      }
    }
    void watch(place)
    soon()
  }

  /** Events make a difference seen at once; they may be lost, and are no record. */
  async function watch(place: Place): Promise<void> {
    const { engine, label } = place.host
    while (!closing.signal.aborted) {
      try {
        for await (const { action } of engine.events(label, closing.signal))
          if (action === 'die' || action === 'destroy') void compare(place)
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
      }
      await sleep(limits.awayAgainMs, closing.signal)
      await compare(place)
    }
  }

  function add(place: Place, name: string, workload: Workload, gpus: readonly string[]): Instance {
    const { host, images } = place
    const instance = createInstance({
      name,
      workload,
      gpus,
      host,
      images,
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
    const { workload } = instance
    if (how.kind === 'away') place.away = how.sentence
    if (how.kind === 'broken') {
      const { sentence } = how
      const failure = {
        at: now(),
        sentence: withLastLine(sentence, instance.lastLine()),
        logs: instance.logs(),
      }
      failures.set(workload.key, withFailure(failures.get(workload.key) ?? noFailures, failure))
    }
    soon()
    tell(workload.model)
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
    if (closing.signal.aborted) return
    serve()
    const wanted = wantedWorkloads()
    const placed = placements(situation(wanted))
    holdUps = placed.holdUps
    for (const id of placed.leaves) byName(id)?.leave()
    for (const { key, engine, gpus } of placed.starts) {
      const workload = wanted.get(key)
      const place = places.get(engine)
      if (workload && place?.isAdopted && place.away === null)
        add(place, `sandpit-${newId()}`, workload, gpus).start()
    }
    for (const waiter of waiters) waiter.waits(waitStateOf(waiter))
  }

  /** Gives slots to those who wait, in the order in which they came, and fails those who wait in vain. */
  function serve(): void {
    for (const waiter of [...waiters]) {
      const { key } = waiter.workload
      const free = [...instances].find((one) => one.workload.key === key && one.hasFreeSlot())
      const origin = free?.state().origin
      const failed = failures.get(key)
      if (free && origin) waiter.done({ kind: 'slot', slot: { origin, release: free.reserve() } })
      else if (failed && isFailing(failed, now()))
        waiter.done({ kind: 'broken', sentence: failed.recent[0]?.sentence ?? '' })
    }
  }

  /** The workloads that are to be run, and those that somebody waits for. */
  function wantedWorkloads(): ReadonlyMap<string, Workload> {
    const all = [...waiters].map(({ workload }) => workload)
    return new Map([...all, ...workloads()].map((one) => [one.key, one]))
  }

  function situation(wanted: ReadonlyMap<string, Workload>): Situation {
    const engines = [...places.values()].map(({ host, gpus, mostBooting }) => ({
      name: host.name,
      gpus,
      mostBooting,
    }))
    const wishes = [...wanted.values()].map((workload) => {
      const { key, engine, gpus, min, max, slots, runMs, idleMs } = workload
      const own = [...waiters].filter((one) => one.workload.key === key)
      return {
        ...{ key, engine, gpus, min, max, slots, runMs, idleMs },
        waiting: own.length,
        waitsSince: own.length === 0 ? null : Math.min(...own.map(({ since }) => since)),
        bootMs: bootTimes.get(key) ?? null,
        notBefore: notBefore(failures.get(key) ?? noFailures),
      }
    })
    return { now: now(), engines, wishes, running: [...instances].map(runningOf) }
  }

  function waitStateOf({ workload }: Waiter): WaitState {
    const place = places.get(workload.engine)
    if (place && place.away !== null) return { kind: 'engine away', sentence: place.away }
    const own = [...instances].filter((one) => one.workload.key === workload.key)
    const coming = own
      .map((one) => one.state())
      .find(({ phase }) => phase !== 'ready' && phase !== 'leaving')
    if (coming) return { kind: 'instance', state: coming }
    const holdUp = holdUps.get(workload.key)
    return holdUp ? { kind: 'held up', holdUp } : { kind: 'busy' }
  }

  function byName(name: string): Instance | undefined {
    return [...instances].find((one) => one.name === name)
  }

  function compareAll(): void {
    for (const place of places.values()) void compare(place)
  }

  function askAgain(): void {
    for (const place of places.values()) if (place.away !== null) void compare(place)
  }

  /** Finds containers that are gone although nobody said so, and removes those that nobody knows. */
  async function compare(place: Place): Promise<void> {
    if (!place.isAdopted || closing.signal.aborted) return
    try {
      const before = [...instances].filter(({ workload }) => workload.engine === place.host.name)
      const present = await place.host.present()
      if (place.away !== null) soon()
      place.away = null
      for (const instance of before) {
        const id = instance.container()
        const isRunning = id === null || present.get(id)
        if (isRunning === undefined) instance.lost()
        if (isRunning === false) await instance.found()
      }
      // One that is created right now is known to its instance a moment later.
      const isCreating = [...instances].some(
        (one) => one.workload.engine === place.host.name && one.container() === null,
      )
      const known = new Set([...instances].map((one) => one.container()))
      if (isCreating) return
      for (const id of present.keys()) if (!known.has(id)) await place.host.removeUnknown(id)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      place.away = error.message
    }
  }

  return {
    take(workload, signal, waits) {
      if (signal.aborted || closing.signal.aborted) return Promise.resolve({ kind: 'stopped' })
      return new Promise((resolve) => {
        const stop = () => waiter.done({ kind: 'stopped' })
        const waiter: Waiter = {
          workload,
          since: now(),
          waits,
          done(taken) {
            waiters.delete(waiter)
            signal.removeEventListener('abort', stop)
            closing.signal.removeEventListener('abort', stop)
            resolve(taken)
            soon()
          },
        }
        waiters.add(waiter)
        signal.addEventListener('abort', stop, { once: true })
        closing.signal.addEventListener('abort', stop, { once: true })
        step()
      })
    },
    async takeAt(origin) {
      await adopted
      const found = [...instances].find((one) => one.state().origin === origin)
      return found ? { origin, release: found.reserve() } : null
    },
    of: (model) =>
      [...instances].filter(({ workload }) => workload.model === model).map((one) => one.state()),
    failuresOf: (key) => failures.get(key)?.recent ?? [],
    tryAgain(model) {
      for (const { key } of workloads().filter((one) => one.model === model)) failures.delete(key)
      soon()
    },
    changed: soon,
    listen: (listener) => void listeners.add(listener),
    async close() {
      closing.abort()
      clearInterval(stepping)
      clearInterval(comparing)
      clearInterval(asking)
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

interface Place {
  readonly host: Host
  readonly images: Images
  readonly gpus: readonly string[]
  readonly mostBooting: number
  /** Whether the containers of an earlier process were looked for. */
  isAdopted: boolean
  /** Why the engine cannot be asked, as part of a sentence; null while it can. */
  away: string | null
}

function runningOf(instance: Instance): Running {
  const { phase, runs, readyAt, idleSince } = instance.state()
  const { name, workload, gpus } = instance
  const state = phase === 'ready' || phase === 'leaving' ? phase : 'booting'
  return {
    id: name,
    key: workload.key,
    engine: workload.engine,
    gpus,
    state,
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
