import { type Failures, noFailures, withFailure } from '../../domain/instance/back-off.ts'
import type { InstanceFailure } from '../../domain/instance/state.ts'
import {
  createInstance,
  type Instance,
  type InstanceEnd,
  type InstanceOptions,
} from './instance.ts'
import type { Place } from './place.ts'

export interface PoolOptions extends Pick<InstanceOptions, 'look' | 'limits' | 'now'> {
  /** Called after each change, with the name of the model. */
  readonly changed: (model: string) => void
}

export type Pool = ReturnType<typeof createPool>

/** The containers that there are, and what is known of those that there were. */
export function createPool({ look, limits, now, changed }: PoolOptions) {
  const instances = new Set<Instance>()
  const failures = new Map<string, Failures & { readonly model: string }>()
  const bootTimes = new Map<string, number>()

  function changedOf(instance: Instance): void {
    const { key, model } = instance.workload
    if (instance.state().phase === 'ready') {
      const bootMs = instance.bootMs()
      if (bootMs !== null) bootTimes.set(key, bootMs)
      failures.delete(key)
    }
    changed(model)
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
    changed(model)
  }

  function gone(instance: Instance): void {
    instances.delete(instance)
    changed(instance.workload.model)
  }

  const of = (key: string) => [...instances].filter(({ workload }) => workload.key === key)

  return {
    all: (): readonly Instance[] => [...instances],
    /** Those of a workload, by its key. */
    of,
    /** Those of a model, its deployments’ and earlier versions’ included. */
    ofModel: (model: string): readonly Instance[] =>
      [...instances].filter(({ workload }) => workload.model === model),
    at: (engine: string): readonly Instance[] =>
      [...instances].filter((one) => one.engine === engine),
    byName: (name: string): Instance | undefined => [...instances].find((one) => one.name === name),
    /** One of a workload with a free slot; with the settings of now, where there is one. */
    freeOf(key: string): Instance | undefined {
      const free = of(key).filter((one) => one.hasFreeSlot())
      return free.find((one) => !one.isOutdated()) ?? free[0]
    },
    add(
      place: Place,
      which: Pick<InstanceOptions, 'name' | 'workload' | 'gpus' | 'gpuBytes' | 'isOutdated'>,
    ): Instance {
      const instance: Instance = createInstance({
        ...which,
        ...{ look, limits, now },
        host: place.host,
        images: place.images,
        changed: () => changedOf(instance),
        ending: (how) => noteEnd(place, instance, how),
      })
      instances.add(instance)
      void instance.over.then(() => gone(instance))
      return instance
    },
    /** The time of the last boot of a workload, in milliseconds; null while that is not known. */
    bootMs: (key: string): number | null => bootTimes.get(key) ?? null,
    /** The failures of a workload since its last container that became ready. */
    failuresOf: (key: string): Failures => failures.get(key) ?? noFailures,
    /** The same of all workloads of a model, by their keys, the latest first. */
    failing: (model: string): Readonly<Record<string, readonly InstanceFailure[]>> =>
      Object.fromEntries(
        [...failures]
          .filter(([, one]) => one.model === model)
          .map(([key, one]) => [key, one.recent]),
      ),
    forgetFailures(model: string): void {
      for (const [key, failed] of failures) if (failed.model === model) failures.delete(key)
    },
  }
}

function withLastLine(sentence: string, line: string): string {
  return line === '' || sentence.includes(line)
    ? sentence
    : `${sentence} It last wrote: ${line.slice(0, 300)}`
}
