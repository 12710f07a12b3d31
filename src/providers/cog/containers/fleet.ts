import { usualInstances } from '../../../domain/instance/choices.ts'
import type { Model } from '../../../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import type { Descriptions } from '../../descriptions.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { CogLimits } from '../limits.ts'
import { isOnDemand, urlsOf } from '../sources.ts'
import { type Container, createContainer } from './container.ts'
import { type ContainerModel, createContainerModel } from './container-model.ts'
import type { Health } from './health.ts'

/** One container of a model. */
export interface ContainerAddress {
  readonly ref: ModelRef
  /** Its origin: `http://gpu-2:5000`. */
  readonly url: string
}

/** A model and the containers that serve it. */
export interface ServedModel {
  readonly ref: ModelRef
  readonly containers: readonly Container[]
  /** How many runs one container takes at once. */
  readonly slots: number
  /** As its containers describe it, or described it last. */
  readonly model: Model
  /** Whether its containers start when they are asked. */
  readonly onDemand: boolean
  /** How long they may take to start, in milliseconds. */
  readonly bootMs: number
  /** Checks the health of one of its containers, and takes over what it says of the model. */
  check(container: Container): Promise<Health>
}

/** A container of a model. It gets no runs when its schema does not fit the model's. */
export interface ServingContainer {
  readonly container: Container
  readonly fits: boolean
  /** Whether it starts when it is asked. */
  readonly onDemand: boolean
}

export interface FleetOptions {
  readonly configured: readonly ContainerAddress[]
  readonly records: { all(): readonly ModelRecord[] }
  readonly descriptions: Descriptions
  readonly client: UpstreamClient
  readonly limits: CogLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** All models in containers, with all containers, whose health is checked periodically unless that would start them. */
export function createFleet(options: FleetOptions) {
  const { configured, records, descriptions, client, limits, now } = options
  const models = new Map<string, ContainerModel>()
  const containers = new Map<string, Container>()
  const checking = setInterval(checkAll, limits.healthEveryMs)
  checking.unref()
  let hasStarted = false
  checkAll()
  hasStarted = true

  /** Brings `models` up to date with what operators have added and removed. */
  function current(): ReadonlyMap<string, ContainerModel> {
    const wanted = originsByModel([...configured, ...records.all().flatMap(addressesIn)])
    for (const name of models.keys()) if (!wanted.has(name)) models.delete(name)
    for (const [name, { ref, origins }] of wanted) {
      const source = sourceOf(ref)
      if (isSame(models.get(name), source, origins)) continue
      const own = [...origins].map(containerAt)
      const onDemand = isOnDemand(source)
      const known = { ref, source, containers: own, onDemand }
      models.set(name, createContainerModel({ ...known, descriptions, isChanged: hasStarted, now }))
    }
    return models
  }

  function containerAt(origin: string): Container {
    const container = containers.get(origin) ?? createContainer(origin, client, now)
    containers.set(origin, container)
    return container
  }

  /** The same object until the operator saves another one. */
  function sourceOf(ref: ModelRef): ModelSource | null {
    return recordOf(ref)?.source ?? null
  }

  function recordOf(ref: ModelRef): ModelRecord | undefined {
    return records.all().find((record) => sameModel(record.ref, ref))
  }

  function checkAll(): void {
    for (const model of current().values())
      if (!model.onDemand) for (const container of model.containers) void model.check(container)
  }

  async function served(found: ContainerModel, waitMs: number): Promise<ServedModel> {
    const { ref, containers: own, onDemand } = found
    const { bootMs } = recordOf(ref)?.settings.instances ?? usualInstances
    const described = await found.model(waitMs)
    return {
      ref,
      containers: own,
      model: onDemand ? withBoot(described, bootMs) : described,
      slots: slotsOf(found),
      onDemand,
      bootMs,
      check: found.look,
    }
  }

  const booted = new WeakMap<Model, Model>()

  /** The same object while nothing of it changes. */
  function withBoot(model: Model, bootMs: number): Model {
    const known = booted.get(model)
    if (known?.limits.bootMs === bootMs) return known
    const next = { ...model, limits: { ...model.limits, bootMs } }
    booted.set(model, next)
    return next
  }

  /** Containers do not say how many runs they take, so one each, unless an operator sets more. */
  function slotsOf({ ref, containers: own }: ContainerModel): number {
    return Math.max(1, Math.ceil((recordOf(ref)?.settings.copies ?? 0) / own.length))
  }

  return {
    async all(): Promise<readonly ServedModel[]> {
      return Promise.all([...current().values()].map((model) => served(model, limits.listWaitMs)))
    },
    async find(ref: ModelRef): Promise<ServedModel | null> {
      const found = current().get(modelName(ref))
      return found ? served(found, limits.pageWaitMs) : null
    },
    /** The containers of a model, as they were checked last. */
    containersOf(ref: ModelRef): readonly ServingContainer[] {
      const found = models.get(modelName(ref))
      if (!found) return []
      const { onDemand } = found
      return found.containers.map((container) => ({
        container,
        fits: found.fits(container),
        onDemand,
      }))
    },
    close: () => clearInterval(checking),
  }
}

function originsByModel(addresses: readonly ContainerAddress[]) {
  const byModel = new Map<string, { readonly ref: ModelRef; readonly origins: Set<string> }>()
  for (const { ref, url } of addresses) {
    const known = byModel.get(modelName(ref)) ?? { ref, origins: new Set() }
    known.origins.add(url)
    byModel.set(modelName(ref), known)
  }
  return byModel
}

function isSame(
  model: ContainerModel | undefined,
  source: ModelSource | null,
  origins: ReadonlySet<string>,
): boolean {
  return (
    model?.source === source &&
    model.containers.length === origins.size &&
    model.containers.every(({ origin }) => origins.has(origin))
  )
}

function addressesIn({ ref, source }: ModelRecord): readonly ContainerAddress[] {
  return urlsOf(source).map((url) => ({ ref, url }))
}
