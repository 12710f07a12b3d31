import { sleep } from '../../sleep.ts'
import type { Engine } from '../client.ts'
import { EngineError } from '../engine-error.ts'
import type { Gpu } from '../placement/situation.ts'
import { type Adopted, createHost, type Reach } from './host.ts'
import { createImages } from './images.ts'
import type { Instance } from './instance.ts'
import type { InstanceLimits } from './limits.ts'
import { createOldImages } from './old-images.ts'
import type { Workload, WorkloadImage } from './workload.ts'

export interface EngineOptions {
  readonly engine: Engine
  readonly gpus: readonly Gpu[]
  readonly mostBooting: number
  readonly reach: Reach
}

export interface PlaceOptions extends EngineOptions {
  /** Marks the containers that are of this server. */
  readonly server: string
  readonly authFor: (image: string) => string | null
  readonly limits: InstanceLimits
  /** The most that images of models may take together, in bytes; null for as much as there is. */
  readonly imagesMax: number | null
  readonly images: () => readonly WorkloadImage[]
  readonly mayAct: () => boolean
  readonly signal: AbortSignal
  readonly find: (key: string) => Workload | null
  /** Goes on with a container of an earlier process. */
  readonly adopt: (adopted: Adopted) => void
  /** Those that run there, as far as we know. */
  readonly instances: () => readonly Instance[]
  /** Called when the engine can be asked, or no longer. */
  readonly changed: () => void
}

export type Place = ReturnType<typeof createPlace>

/** An engine, and the comparison of the containers that it has with those that we know. */
export function createPlace(options: PlaceOptions) {
  const { engine, gpus, mostBooting, reach, server, limits, signal, find, changed } = options
  const host = createHost({ engine, server, reach })
  const old = createOldImages({
    engine,
    most: options.imagesMax,
    all: options.images,
    isUsed: (id) => options.instances().some((one) => one.image() === id),
  })
  const images = createImages({
    engine,
    limits,
    authFor: options.authFor,
    used(id, isNew) {
      old.use(id)
      if (isNew && options.mayAct()) void old.tidy()
    },
  })
  let isAdopted = false
  let away: string | null = null
  let comparing: Promise<void> | null = null
  let isCompareDue = false
  const adopted = adopt()

  function isAway(sentence: string | null): void {
    if (away === sentence) return
    away = sentence
    changed()
  }

  /** Finds the containers of an earlier process. Nothing starts on the engine before. */
  async function adopt(): Promise<void> {
    while (!signal.aborted && !isAdopted) {
      try {
        const all = await host.adopt(find)
        if (signal.aborted) return
        for (const one of all) options.adopt(one)
        isAdopted = true
        away = null
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        isAway(error.message)
        await sleep(limits.awayAgainMs, signal)
      }
    }
    void watch()
    changed()
  }

  /** Events make a difference seen at once; they may be lost, and are no record. */
  async function watch(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const { action } of engine.events(host.label, signal))
          if (action === 'die' || action === 'destroy') void compare()
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
      }
      await sleep(limits.awayAgainMs, signal)
      await compare()
    }
  }

  /** One at a time, however many events there are: what happens meanwhile is seen by one more. */
  function compare(): Promise<void> {
    isCompareDue = true
    comparing ??= compareWhileDue().finally(() => {
      comparing = null
    })
    return comparing
  }

  async function compareWhileDue(): Promise<void> {
    while (isCompareDue) {
      isCompareDue = false
      await compareOnce()
    }
  }

  /** Finds containers that are gone although nobody said so, and removes those that nobody knows. */
  async function compareOnce(): Promise<void> {
    if (!isAdopted || signal.aborted || !options.mayAct()) return
    try {
      // Those that are created while the engine makes its list may not be in it.
      const before = options.instances().map((one) => [one, one.container()] as const)
      const present = await host.present()
      isAway(null)
      // Another server may run the containers by now, and what it started is unknown here.
      if (signal.aborted || !options.mayAct()) return
      for (const [instance, id] of before) {
        const isRunning = id === null || present.get(id)
        if (isRunning === undefined) instance.lost()
        if (isRunning === false) await instance.found()
      }
      // One that is created right now is known to its instance a moment later.
      const now = options.instances()
      if (now.some((one) => one.container() === null)) return
      const known = new Set(now.map((one) => one.container()))
      for (const id of present.keys()) if (!known.has(id)) await host.removeUnknown(id)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      isAway(error.message)
    }
  }

  return {
    name: engine.name,
    host,
    images,
    room: { name: engine.name, gpus, mostBooting },
    /** Resolves when the containers of an earlier process were found. */
    adopted,
    compare,
    /** Why the engine cannot be asked, as part of a sentence; null while it can. */
    away: () => away,
    isAway,
    /** Whether containers can be started there now. */
    isOpen: () => isAdopted && away === null,
  }
}
