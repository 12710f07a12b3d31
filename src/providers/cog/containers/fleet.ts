import type { Model } from '../../../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import type { ContainerClient } from '../container-client.ts'
import type { CogLimits } from '../limits.ts'
import { urlsOf } from '../sources.ts'
import { type Container, createContainer } from './container.ts'
import { describeModel, missingSchemaSentence } from './describe.ts'
import type { DescriptionCache } from './description-cache.ts'
import { type OpenApiDocument, versionId } from './openapi-document.ts'

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
  /** As its containers describe it now, or did before they went. */
  readonly model: Model
}

/** A container, and whether runs of its model go to it: not while it serves another schema. */
export interface ServingContainer {
  readonly container: Container
  readonly fits: boolean
}

interface Entry {
  readonly ref: ModelRef
  /** What the operator said of where it runs; null for a model of the configuration. */
  readonly source: ModelSource | null
  readonly containers: readonly Container[]
  readonly remembered: Promise<void>
  /** A container has said what it takes, or each has been looked at once. */
  readonly heard: Promise<void>
  /** Whether that is so. */
  isHeard: boolean
  document: OpenApiDocument | null
  model: Model | null
}

export interface FleetOptions {
  readonly configured: readonly ContainerAddress[]
  readonly records: { all(): readonly ModelRecord[] }
  readonly cache: DescriptionCache
  readonly client: ContainerClient
  readonly limits: CogLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type Fleet = ReturnType<typeof createFleet>

/** Every model in a container, and every container, looked at now and then. */
export function createFleet({ configured, records, cache, client, limits, now }: FleetOptions) {
  const entries = new Map<string, Entry>()
  const containers = new Map<string, Container>()
  /** Models of which it was said again where they run while the server runs. */
  const changed = new Set<string>()
  const looking = setInterval(lookAtAll, limits.healthEveryMs)
  looking.unref()
  let begun = false
  lookAtAll()
  begun = true

  /** Who was added since is looked at, who was removed is forgotten. */
  function wanted(): ReadonlyMap<string, Entry> {
    const addresses = new Map<string, { ref: ModelRef; origins: Set<string> }>()
    for (const { ref, url } of [...configured, ...records.all().flatMap(addressesIn)]) {
      const known = addresses.get(modelName(ref)) ?? { ref, origins: new Set() }
      known.origins.add(url)
      addresses.set(modelName(ref), known)
    }
    for (const name of entries.keys()) if (!addresses.has(name)) entries.delete(name)
    for (const [name, { ref, origins }] of addresses) {
      const known = entries.get(name)
      const source = sourceOf(ref)
      const same =
        known?.source === source &&
        known.containers.length === origins.size &&
        known.containers.every(({ origin }) => origins.has(origin))
      if (same) continue
      // What is remembered of it is of another time, if not of other containers.
      if (begun) changed.add(name)
      entries.set(name, newEntry(ref, source, [...origins].map(containerAt)))
    }
    return entries
  }

  function containerAt(origin: string): Container {
    const known = containers.get(origin)
    if (known) return known
    const container = createContainer(origin, client, now)
    containers.set(origin, container)
    return container
  }

  /** The same object until the operator says again where the model runs. */
  function sourceOf(ref: ModelRef): ModelSource | null {
    return records.all().find((record) => sameModel(record.ref, ref))?.source ?? null
  }

  function newEntry(ref: ModelRef, source: ModelSource | null, all: readonly Container[]): Entry {
    const remembered = cache.read(ref).then((document) => {
      entry.document ??= document
    })
    const { promise: heard, resolve } = Promise.withResolvers<void>()
    const own = { ref, source, containers: all, remembered, heard, isHeard: false }
    const anew = begun
    const entry: Entry = { ...own, document: null, model: null }
    const hear = () => {
      entry.isHeard = true
      resolve()
    }
    const looks = all.map(async (container) => {
      await look(entry, container, anew)
      if (container.document() && !anew) hear()
    })
    void Promise.allSettled(looks).then(hear)
    return entry
  }

  async function look(entry: Entry, container: Container, anew = false): Promise<void> {
    await (anew ? container.recheck() : container.checkHealth())
    await entry.remembered
    const said = entry.containers.map((one) => one.document()).find((document) => document !== null)
    if (!said) return
    const known = entry.document
    const same = known !== null && versionId(entry.ref, said) === versionId(entry.ref, known)
    if (same && said.cogVersion === known.cogVersion) return
    entry.document = same ? { ...said, schemas: known.schemas } : said
    await cache.write(entry.ref, said)
  }

  function lookAtAll(): void {
    for (const entry of wanted().values())
      for (const container of entry.containers) void look(entry, container)
  }

  /**
   * A model that nobody has described yet, or whose containers are others now, is waited for: for so
   * long, and then it is answered with what is known.
   */
  async function served(entry: Entry, waitMs: number): Promise<ServedModel> {
    await entry.remembered
    const isNews = !entry.document || changed.has(modelName(entry.ref))
    if (isNews && !entry.isHeard) await within(waitMs, entry.heard)
    const { ref, containers: own } = entry
    return { ref, containers: own, slots: slotsOf(entry), model: modelOf(entry) }
  }

  /** Containers do not say how many runs they take at once, so one, unless an operator says more. */
  function slotsOf({ ref, containers: own }: Entry): number {
    const record = records.all().find((one) => modelName(one.ref) === modelName(ref))
    return Math.max(1, Math.ceil((record?.settings.copies ?? 0) / own.length))
  }

  /** The same object while nothing about it changes. */
  function modelOf(entry: Entry): Model {
    const { document, model: before, containers: own } = entry
    const broken = document ? null : missingSchemaSentence(own)
    const same =
      document === null ||
      (before?.version.schema.schemas === document.schemas &&
        before.version.cogVersion === (document.cogVersion ?? undefined))
    if (before && same && before.broken === broken) return before
    const model = describeModel({ ...entry, now: now() })
    // What was drawn and read of a version goes on to hold.
    const { id, cogVersion } = model.version
    const isKnown = before?.version.id === id && before.version.cogVersion === cogVersion
    entry.model = isKnown ? { ...model, version: before.version } : model
    return entry.model
  }

  return {
    async all(): Promise<readonly ServedModel[]> {
      return Promise.all([...wanted().values()].map((entry) => served(entry, limits.listWaitMs)))
    },
    async find(ref: ModelRef): Promise<ServedModel | null> {
      const entry = wanted().get(modelName(ref))
      return entry ? served(entry, limits.pageWaitMs) : null
    },
    /** The containers of a model, without waiting. */
    containersOf(ref: ModelRef): readonly ServingContainer[] {
      const entry = entries.get(modelName(ref))
      return (
        entry?.containers.map((container) => ({ container, fits: fits(entry, container) })) ?? []
      )
    },
    close: () => clearInterval(looking),
  }
}

/** Whether a container takes what its model takes; true while nobody can tell. */
function fits({ ref, document }: Entry, container: Container): boolean {
  const own = container.document()
  return !own || !document || versionId(ref, own) === versionId(ref, document)
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([done, promise])
  clearTimeout(timer)
}

function addressesIn({ ref, source }: ModelRecord): readonly ContainerAddress[] {
  return urlsOf(source).map((url) => ({ ref, url }))
}
