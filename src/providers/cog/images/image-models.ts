import { notBefore, notBeforeForRuns } from '../../../domain/instance/back-off.ts'
import type { Hardware } from '../../../domain/instance/hardware.ts'
import type { Deployment } from '../../../domain/model/deployment.ts'
import { type Model, unpresented, type Version } from '../../../domain/model/model.ts'
import type { ModelRecord } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import { readSchema } from '../../../domain/schema/schema.ts'
import type { Engines } from '../../../engine/engines.ts'
import type { Readiness } from '../../../engine/instances/states.ts'
import type { Workload } from '../../../engine/instances/workload.ts'
import type { ProviderInstances } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { type Container, createContainer } from '../containers/container.ts'
import { conditionSentence, fetchHealth } from '../containers/health.ts'
import { type ImageVersion, imagesOf, imageVersionId } from './image-source.ts'
import { createImageWorkloads, workloadKey } from './image-workloads.ts'
import { instancesHealth, instancesWarmth } from './state.ts'

export interface ImageModelsOptions {
  readonly engines: Engines
  readonly records: { all(): readonly ModelRecord[] }
  readonly deployments: { all(): readonly Deployment[] }
  /** What containers can be run on, as operators named it. */
  readonly hardware: readonly Hardware[]
  readonly client: UpstreamClient
  /** The usual time of a run of a model, in milliseconds; null while that is not known. */
  readonly usualRun: (ref: ModelRef) => number | null
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A model that is run from images. */
export interface ImageModel {
  readonly ref: ModelRef
  /** With the version that was asked for, else with the one that runs by default. */
  readonly model: Model
  readonly image: ImageVersion
  /** What its containers are run for. */
  readonly workload: Workload
}

export type ImageModels = ReturnType<typeof createImageModels>

/** The models that are run from images, and their containers. */
export function createImageModels(options: ImageModelsOptions) {
  const { engines, records, deployments, client, now } = options
  const models = new WeakMap<ImageVersion, Map<string, Model>>()
  const containers = new Map<string, Container>()
  const workloads = createImageWorkloads({ ...options, engines: engines.names })
  const instances = engines.run({ workloads, look: (origin) => look(origin, client) })

  function recordOf(ref: ModelRef): ModelRecord | undefined {
    const name = modelName(ref)
    return records.all().find((record) => modelName(record.ref) === name)
  }

  function find(ref: ModelRef, version?: string, deployment?: ModelRef | null): ImageModel | null {
    const record = recordOf(ref)
    return record ? modelOf(record, version, deployment ?? null) : null
  }

  /** With the version that a deployment runs. */
  function ofDeployment(ref: ModelRef, deployment: ModelRef): ImageModel | null {
    const found = deployments.all().find((one) => sameModel(one.ref, deployment))
    return find(ref, found?.current.version, deployment)
  }

  function modelOf(
    record: ModelRecord,
    version?: string,
    deployment: ModelRef | null = null,
  ): ImageModel | null {
    const { ref } = record
    const source = imagesOf(record.source)
    if (!source) return null
    const image =
      source.versions.find((one) => imageVersionId(ref, one) === version) ?? source.current
    const own = workloads.find(workloadKey(ref, image, null))
    const workload = (deployment && workloads.find(workloadKey(ref, image, deployment))) ?? own
    if (!workload || !own) return null
    return { ref, image, workload, model: withLimits(described(ref, image), own) }
  }

  /** The same object for the same version, so that what is rendered for it stays valid. */
  function described(ref: ModelRef, image: ImageVersion): Model {
    const own = models.get(image) ?? new Map<string, Model>()
    models.set(image, own)
    const name = modelName(ref)
    const model = own.get(name) ?? describeImage(ref, image)
    own.set(name, model)
    return model
  }

  const limited = new WeakMap<Model, Model>()

  function withLimits(model: Model, { max, slots, bootLimitMs }: Workload): Model {
    const copies = max * slots
    const known = limited.get(model)
    const before = known?.limits
    const isSame = before?.copies === copies && before.instanceSlots === slots
    if (known && isSame && before.bootMs === bootLimitMs) return known
    const limits = { ...model.limits, copies, bootMs: bootLimitMs, instanceSlots: slots }
    const next = { ...model, limits }
    limited.set(model, next)
    return next
  }

  /** What is known of the container at an address, for as long as it is there. */
  function containerAt(origin: string): Container {
    const known = containers.get(origin)
    if (known) return known
    if (containers.size >= mostContainers) containers.clear()
    const container = createContainer(origin, client, now)
    containers.set(origin, container)
    return container
  }

  /** The containers of a model and their failures; null for a model that is not run from images. */
  function stateOf(ref: ModelRef) {
    const found = find(ref)
    if (!found) return null
    return [instances.of(modelName(ref)), instances.failuresOf(found.workload.key)] as const
  }

  return {
    instances,
    find,
    containerAt,
    warmth(ref: ModelRef) {
      const state = stateOf(ref)
      return state && instancesWarmth(...state)
    },
    health(ref: ModelRef) {
      const state = stateOf(ref)
      return state && instancesHealth(...state)
    },
    forOperators: {
      of: (ref) => instances.of(modelName(ref)),
      failures(ref, deployment) {
        const found = deployment ? ofDeployment(ref, deployment) : find(ref)
        return found ? instances.failuresOf(found.workload.key) : []
      },
      nextTry(ref) {
        const workload = find(ref)?.workload
        if (!workload) return null
        const recent = instances.failuresOf(workload.key)
        const isKept = workload.min > 0
        const at = isKept ? notBefore({ recent }) : notBeforeForRuns({ recent })
        return at > now() ? { at, isKept } : null
      },
      memoryOf: instances.memoryOf,
      drain: instances.drain,
      stop: instances.stop,
      tryAgain: (ref) => instances.tryAgain(modelName(ref)),
    } satisfies ProviderInstances,
    /** The versions that can be run besides those that run by default. */
    earlier: () =>
      records.all().flatMap(({ ref, source }) => {
        const images = imagesOf(source)
        const others = images?.versions.filter((one) => one !== images.current) ?? []
        return others.map((one) => ({ ref, version: imageVersionId(ref, one) }))
      }),
    all: (): readonly ImageModel[] => records.all().flatMap((record) => modelOf(record) ?? []),
  }
}

/** Addresses are given to one container after another: what is known of old ones goes. */
const mostContainers = 1_000

/** The model of an image. An interrupted run of it may run again, as one of a container by its URL. */
export function describeImage(ref: ModelRef, image: ImageVersion): Model {
  const { schemas, cogVersion, addedAt, slots } = image
  const version: Version = {
    id: imageVersionId(ref, image),
    model: ref,
    provider: 'cog',
    schema: readSchema(schemas),
    createdAt: addedAt,
    ...(cogVersion === null ? {} : { cogVersion }),
  }
  return {
    ref,
    provider: 'cog',
    description: '',
    version,
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    limits: { copies: slots, timeoutMs: null, rerun: true },
    broken: null,
    undescribed: null,
  }
}

/** What Cog’s server in a container says of itself. */
async function look(origin: string, client: UpstreamClient): Promise<Readiness> {
  const health = await fetchHealth(origin, client)
  switch (health.condition) {
    case 'ready':
    case 'busy':
    case 'unhealthy':
      return { state: 'ready' }
    case 'booting':
      return { state: 'booting', logs: health.logs }
    case 'setup failed':
    case 'defunct': {
      const sentence = conditionSentence(origin, health) ?? 'Setup of the model failed.'
      return { state: 'broken', sentence, logs: health.logs }
    }
    default:
      return { state: 'away' }
  }
}
