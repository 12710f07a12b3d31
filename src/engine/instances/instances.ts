import { isFailing } from '../../domain/instance/back-off.ts'
import { EngineError } from '../engine-error.ts'
import { placements } from '../placement/placement.ts'
import type { HoldUp } from '../placement/situation.ts'
import type { Adopted } from './host.ts'
import type { Instance } from './instance.ts'
import type { Instances, InstancesOptions } from './interface.ts'
import { defaultInstanceLimits } from './limits.ts'
import { createPlace, type EngineOptions, type Place } from './place.ts'
import { createPool } from './pool.ts'
import { createWaiting } from './waiting.ts'
import { runningOf, vainSentence, waitStateOf, wishOf } from './wishes.ts'
import type { Workload } from './workload.ts'

/** The instances of engines that no other server starts containers on for the same models. */
export function createInstances(options: InstancesOptions): Instances {
  const { workloads, now, newId, look, authFor, server, log, mayAct = () => true } = options
  const limits = { ...defaultInstanceLimits, ...options.limits }
  const pool = createPool({ look, limits, now, changed: changedOf })
  const waiting = createWaiting({ now, changed: soon })
  const listeners = new Set<(model: string) => void>()
  const closing = new AbortController()
  let holdUps: ReadonlyMap<string, HoldUp> = new Map()
  let isStepDue = false
  const places = new Map(options.engines.map((one) => [one.engine.name, placeOf(one)]))
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
      instances: () => pool.at(engine.engine.name),
      changed: soon,
    })
  }

  function adopt(engine: string, { container, origin, startedAt, ...one }: Adopted): void {
    const place = places.get(engine)
    if (place) pool.add(place, one).adopt(container, origin, startedAt)
  }

  function changedOf(model: string): void {
    soon()
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
    for (const one of pool.all()) one.compareWith(wanted.get(one.workload.key) ?? null)
    serve()
    const placed = placements({
      now: now(),
      engines: [...places.values()].map(({ room, isOpen }) => ({ ...room, isOpen: isOpen() })),
      wishes: [...wanted.values()].map((one) => wishOf(one, waiting.of(one.key), pool)),
      running: pool.all().map(runningOf),
    })
    holdUps = placed.holdUps
    for (const id of placed.leaves) pool.byName(id)?.leave()
    for (const { key, engine, gpus } of placed.starts) {
      const workload = wanted.get(key)
      const place = places.get(engine)
      if (!workload || !place) continue
      const { gpuBytes } = workload
      const name = `sandpit-${newId()}`
      pool.add(place, { name, workload, gpus, gpuBytes, isOutdated: false }).start()
    }
    for (const waiter of waiting.all()) {
      const vain = vainSentence(holdUps.get(waiter.workload.key))
      if (vain === null) waiter.waits(waitStateOf(waiter.workload, pool, { holdUps, awayAt }))
      else waiter.done({ kind: 'broken', sentence: vain })
    }
  }

  /** Gives slots to those who wait, in the order in which they came, and fails those who wait in vain. */
  function serve(): void {
    for (const waiter of waiting.all()) {
      const { key } = waiter.workload
      const free = pool.freeOf(key)
      const origin = free?.state().origin
      const failed = pool.failuresOf(key)
      if (free && origin) waiter.done({ kind: 'slot', slot: { origin, release: free.reserve() } })
      else if (isFailing(failed, now()))
        waiter.done({ kind: 'broken', sentence: failed.recent[0]?.sentence ?? '' })
    }
  }

  /** Those of which some are kept ready, that somebody waits for, or that containers run for. */
  function wantedWorkloads(): ReadonlyMap<string, Workload> {
    const asked = waiting.all().map(({ workload }) => workloads.find(workload.key) ?? workload)
    const run = pool.all().flatMap(({ workload }) => workloads.find(workload.key) ?? [])
    return new Map([...run, ...asked, ...workloads.kept()].map((one) => [one.key, one]))
  }

  function awayAt(engine: string): string | null {
    return places.get(engine)?.away() ?? null
  }

  function compareAll(which: (place: Place) => boolean = () => true): void {
    if (mayAct()) for (const place of places.values()) if (which(place)) void place.compare()
  }

  function lookAgain(): void {
    if (mayAct()) for (const instance of pool.all()) void instance.lookAgain()
  }

  return {
    take(workload, signal, waits) {
      const taken = waiting.add(workload, AbortSignal.any([signal, closing.signal]), waits)
      step()
      return taken
    },
    async takeAt(origin, signal) {
      const found = await Promise.race([adoptedAt(origin), aborted(signal)])
      return found && !signal.aborted ? { origin, release: found.reserve() } : null
    },
    of: (model) => pool.ofModel(model).map((one) => one.state()),
    failuresOf: (key) => pool.failuresOf(key).recent,
    failing: pool.failing,
    async memoryOf(name) {
      const instance = pool.byName(name)
      const container = instance?.container()
      const place = instance && places.get(instance.engine)
      if (!container || !place) return null
      return await place.host.engine.memory(container).catch(orNull)
    },
    async drain(name) {
      const instance = pool.byName(name)
      instance?.leave()
      return instance !== undefined
    },
    async stop(name) {
      const instance = pool.byName(name)
      instance?.stop()
      return instance !== undefined
    },
    async tryAgain(model) {
      pool.forgetFailures(model)
      soon()
    },
    changed: soon,
    listen: (listener) => void listeners.add(listener),
    async close() {
      closing.abort()
      for (const timer of timers) clearInterval(timer)
      if (options.keep) for (const instance of pool.all()) instance.letGo()
      else await stopAll(pool.all())
      await Promise.all([...places.values()].map(({ host }) => host.engine.close()))
    },
  }

  /** The container at an address, as soon as it is found: an engine that is away holds up those of no other. */
  function adoptedAt(origin: string): Promise<Instance | null> {
    const isThere = (one: Instance) => one.state().origin === origin
    const found = [...places.values()].map(async ({ adopted }) => {
      await adopted
      return pool.all().find(isThere) ?? Promise.reject(new Error('It is not there.'))
    })
    return Promise.any(found).catch(() => null)
  }

  async function stopAll(all: readonly Instance[]): Promise<void> {
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

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
}
