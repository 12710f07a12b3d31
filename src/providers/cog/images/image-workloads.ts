import { type InstanceChoices, usualInstances } from '../../../domain/instance/choices.ts'
import type { Hardware } from '../../../domain/instance/hardware.ts'
import type { Deployment } from '../../../domain/model/deployment.ts'
import type { ModelRecord } from '../../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Workloads } from '../../../engine/instances/interface.ts'
import type { Workload } from '../../../engine/instances/workload.ts'
import { type ImageVersion, imagesOf, imageVersionId } from './image-source.ts'

export interface ImageWorkloadsOptions {
  /** The names of the engines; at least one. */
  readonly engines: readonly string[]
  readonly hardware: readonly Hardware[]
  readonly records: { all(): readonly ModelRecord[] }
  readonly deployments: { all(): readonly Deployment[] }
  /** The usual time of a run of a model, in milliseconds; null while that is not known. */
  readonly usualRun: (ref: ModelRef) => number | null
}

/** The key of the containers of a version of a model; of a deployment’s own, when there is one. */
export function workloadKey(
  ref: ModelRef,
  image: ImageVersion,
  deployment: ModelRef | null,
): string {
  const key = `${modelName(ref)}@${imageVersionId(ref, image)}`
  return deployment === null ? key : `${key} for ${modelName(deployment)}`
}

/**
 * The containers that models and their deployments may have. Of each, every version has containers of its own; some
 * are kept ready of the version that runs by default.
 */
export function createImageWorkloads(options: ImageWorkloadsOptions): Workloads {
  const { engines, hardware, records, deployments, usualRun } = options
  let known: Known = { records: [], deployments: [], all: new Map(), kept: [] }

  /** As it was before while no record and no deployment has changed. */
  function current(): Known {
    const now = { records: records.all(), deployments: deployments.all() }
    const isSame = isEach(known.records, now.records) && isEach(known.deployments, now.deployments)
    if (!isSame) known = { ...now, ...workloadsOf(now) }
    return known
  }

  function workloadsOf(now: Pick<Known, 'records' | 'deployments'>) {
    const all = new Map<string, Workload>()
    const kept: Workload[] = []
    const byModel = Map.groupBy(now.deployments, (one) => modelName(one.current.model))
    for (const record of now.records) {
      const own = byModel.get(modelName(record.ref)) ?? []
      for (const workload of [null, ...own].flatMap((one) => workloadsFor(record, one))) {
        all.set(workload.key, workload)
        if (workload.min > 0) kept.push(workload)
      }
    }
    return { all, kept }
  }

  function workloadsFor(record: ModelRecord, deployment: Deployment | null): readonly Workload[] {
    const source = imagesOf(record.source)
    if (!source) return []
    const { ref } = record
    const version = deployment?.current.version ?? imageVersionId(ref, source.current)
    const now = source.versions.find((one) => imageVersionId(ref, one) === version)
    const current = now ? workloadKey(ref, now, deployment?.ref ?? null) : null
    return source.versions.map((image) => {
      const own = workloadOf(record, image, deployment)
      if (own.version === version) return own
      return { ...own, min: 0, ...(current && deployment ? earlier(own, current) : {}) }
    })
  }

  function workloadOf(
    { ref, settings, hardware: ofModel }: ModelRecord,
    image: ImageVersion,
    deployment: Deployment | null,
  ): Workload {
    const choices = settings.instances ?? usualInstances
    const named = (one: string | null | undefined) => hardware.find(({ name }) => name === one)
    // A deployment from before the hardware was defined runs on that of its model.
    const chosen = named(deployment?.current.hardware) ?? named(ofModel) ?? hardwareFor(image)
    return {
      key: workloadKey(ref, image, deployment?.ref ?? null),
      replacedBy: null,
      model: modelName(ref),
      deployment: deployment && modelName(deployment.ref),
      version: imageVersionId(ref, image),
      engines: chosen.engine === null ? engines : [chosen.engine],
      image: { id: image.image, name: image.name },
      container: {
        memory: chosen.memory,
        cpus: chosen.cpus,
        isOpen: choices.isOpen,
        isReadOnly: !choices.isWritable,
        hasInit: image.hasInit,
        environment: {},
      },
      gpus: chosen.gpus,
      gpuBytes: chosen.gpuBytes,
      ...limitsOf(choices, deployment),
      slots: image.slots,
      idleMs: deployment?.current.idleMs ?? choices.idleMs,
      bootLimitMs: choices.bootMs,
      usualRun: () => usualRun(ref),
    }
  }

  return {
    find: (key) => current().all.get(key) ?? null,
    kept: () => current().kept,
    images: () => [...current().all.values()].map(({ image }) => image),
  }
}

interface Known {
  readonly records: readonly ModelRecord[]
  readonly deployments: readonly Deployment[]
  readonly all: ReadonlyMap<string, Workload>
  readonly kept: readonly Workload[]
}

/** Where no hardware is chosen: a whole GPU for an image that was built for one. */
function hardwareFor({ gpu }: ImageVersion): Omit<Hardware, 'name'> {
  return { engine: null, gpus: gpu ? 1 : 0, gpuBytes: null, memory: null, cpus: null }
}

/** Nobody can send a deployment’s earlier versions anything new: their containers go soon after the last run. */
function earlier({ idleMs }: Workload, replacedBy: string): Partial<Workload> {
  return { replacedBy, idleMs: Math.min(idleMs, longestIdleOfEarlierMs) }
}

/** Between two runs that wait one after another. */
const longestIdleOfEarlierMs = 10_000

function limitsOf({ min, max }: InstanceChoices, deployment: Deployment | null) {
  if (!deployment) return { min, max }
  const { minInstances, maxInstances } = deployment.current
  return { min: Math.min(minInstances, maxInstances), max: maxInstances }
}

function isEach<T>(before: readonly T[], now: readonly T[]): boolean {
  return before.length === now.length && before.every((one, at) => one === now[at])
}
