import type { PullState } from '../../domain/instance/state.ts'
import type { PullLine } from '../calls/images.ts'
import type { Engine } from '../client.ts'
import { EngineError } from '../engine-error.ts'
import type { InstanceLimits } from './limits.ts'
import type { WorkloadImage } from './workload.ts'

/** The layers of a pull that are looked at; images have 127 at most. */
const mostLayers = 500

export interface ImagesOptions {
  readonly engine: Engine
  /** The header `X-Registry-Auth` for an image; null for none. */
  readonly authFor: (name: string) => string | null
  readonly limits: Pick<InstanceLimits, 'pullSilentMs'>
  /** Called with the engine’s id of an image that a container is about to start of, and whether it was just pulled. */
  readonly used?: (id: string, isNew: boolean) => void
}

export type Images = ReturnType<typeof createImages>

/** The images of an engine. Each is pulled once, for all who wait for it. */
export function createImages({ engine, authFor, limits, used = () => {} }: ImagesOptions) {
  const pulls = new Map<string, Pull>()

  async function found({ id, name }: WorkloadImage): Promise<string | null> {
    const byId = id === null ? null : await engine.image(id)
    return (byId ?? (await engine.image(name)))?.id ?? null
  }

  async function pull(name: string, pulling: Pull): Promise<void> {
    const silent = new AbortController()
    const timer = setTimeout(() => silent.abort(), limits.pullSilentMs).unref()
    const signal = AbortSignal.any([pulling.stop.signal, silent.signal])
    try {
      for await (const line of engine.pull(name, authFor(name), signal)) {
        timer.refresh()
        pulling.note(line)
        for (const told of pulling.watchers) told(pulling.state())
      }
    } catch (error) {
      throw silent.signal.aborted ? stalled(limits.pullSilentMs) : error
    } finally {
      clearTimeout(timer)
    }
  }

  function pullOnce(name: string): Pull {
    const known = pulls.get(name)
    if (known) return known
    const pulling = createPull()
    pulls.set(name, pulling)
    pulling.done = pull(name, pulling).finally(() => forget(name, pulling))
    // Who waits for it hears of its failure; without anybody it is nobody’s.
    pulling.done.catch(() => {})
    return pulling
  }

  function forget(name: string, pulling: Pull): void {
    if (pulls.get(name) === pulling) pulls.delete(name)
  }

  return {
    /**
     * The engine’s id of an image, which is pulled when it is not there. Rejects with `EngineError`.
     *
     * @param told Called while it is pulled.
     */
    async ensure(
      image: WorkloadImage,
      signal: AbortSignal,
      told: (state: PullState) => void,
    ): Promise<string> {
      const there = await found(image)
      if (there !== null) {
        used(there, false)
        return there
      }
      // A pull that nobody waits for would go on to its end.
      if (signal.aborted) throw left()
      const pulling = pullOnce(image.name)
      pulling.watchers.add(told)
      told(pulling.state())
      const leave = Promise.withResolvers<never>()
      const stop = () => leave.reject(left())
      signal.addEventListener('abort', stop, { once: true })
      try {
        await Promise.race([pulling.done, leave.promise])
      } finally {
        signal.removeEventListener('abort', stop)
        pulling.watchers.delete(told)
        if (pulling.watchers.size === 0) {
          // Whoever comes next begins a new one.
          forget(image.name, pulling)
          pulling.stop.abort()
        }
      }
      const id = await found(image)
      if (id === null) throw new EngineError('the image is not there after the pull', 200)
      used(id, true)
      return id
    },
  }
}

/** A failure of the model’s, and not of its engine, which answers others. */
function stalled(silentMs: number): EngineError {
  const minutes = Math.round(silentMs / 60_000)
  return new EngineError(`nothing was heard of the pull of its image for ${minutes} minutes`, 504)
}

function left(): EngineError {
  return new EngineError('it is no longer needed', null)
}

interface Pull {
  done: Promise<void>
  readonly stop: AbortController
  readonly watchers: Set<(state: PullState) => void>
  note(line: PullLine): void
  state(): PullState
}

/** Layers come under one id for each of their steps: a layer is done when its download is, or it was there. */
const isDone = /complete|already exists/i

function createPull(): Pull {
  const layers = new Map<string, { done: number | null; total: number | null; isDone: boolean }>()
  return {
    done: Promise.resolve(),
    stop: new AbortController(),
    watchers: new Set(),
    note({ layer, status, done, total }) {
      if (layer === null || (!layers.has(layer) && layers.size >= mostLayers)) return
      if (/^pulling from/i.test(status)) return
      const before = layers.get(layer)
      // The numbers of the extraction begin at 0 again.
      const isDownload = /^downloading/i.test(status)
      layers.set(layer, {
        done: isDownload ? done : (before?.done ?? null),
        total: isDownload ? total : (before?.total ?? null),
        isDone: before?.isDone === true || isDone.test(status),
      })
    },
    state() {
      const all = [...layers.values()]
      const sized = all.filter(({ total }) => total !== null)
      const sum = (part: (one: (typeof all)[number]) => number | null) =>
        sized.reduce((whole, one) => whole + (part(one) ?? 0), 0)
      return {
        layersDone: all.filter((one) => one.isDone).length,
        layers: all.length,
        done: sized.length === 0 ? null : sum((one) => (one.isDone ? one.total : one.done)),
        total: sized.length === 0 ? null : sum(({ total }) => total),
      }
    },
  }
}
