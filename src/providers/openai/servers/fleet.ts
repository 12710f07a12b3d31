import type { ModelRecord } from '../../../domain/model/record.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Descriptions } from '../../descriptions.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { OpenAiLimits } from '../limits.ts'
import { abilitiesIn, kindIn, type Place, placesIn } from '../places.ts'
import { createPlacedModel, type PlacedModel } from './placed-model.ts'
import { createServer, type Server } from './server.ts'

/** A model of the configuration and one of the places where it runs. */
export interface ConfiguredPlace extends Place {
  readonly ref: ModelRef
}

export interface FleetOptions {
  readonly configured: readonly ConfiguredPlace[]
  readonly records: { all(): readonly ModelRecord[] }
  /** The key for a base URL; null for none. */
  keyOf(base: string): string | null
  readonly descriptions: Descriptions
  readonly client: UpstreamClient
  readonly limits: OpenAiLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A server, and all models that run there. */
export interface FleetServer {
  readonly server: Server
  readonly models: readonly ModelRef[]
}

export type Fleet = ReturnType<typeof createFleet>

/** All models with the servers that serve them, which are looked at periodically. */
export function createFleet(options: FleetOptions) {
  const { configured, records, descriptions, limits, now } = options
  const models = new Map<string, PlacedModel>()
  const servers = new Map<string, Server>()
  /** The records that `models` was made from. */
  let seen: readonly ModelRecord[] | null = null
  const checking = setInterval(refreshAll, limits.checkEveryMs)
  checking.unref()
  refreshAll()

  /** Brings `models` up to date with what operators have added and removed. */
  function current(): ReadonlyMap<string, PlacedModel> {
    const all = records.all()
    // Each page asks, and operators seldom change anything.
    if (seen?.length === all.length && seen.every((one, at) => one === all[at])) return models
    seen = all
    const added = all.filter(({ source }) => source?.provider === 'openai')
    const sources = new Map(added.map(({ ref, source }) => [modelName(ref), source]))
    const wanted = placesByModel([...configured, ...added.flatMap(placesOf)])
    for (const name of models.keys()) if (!wanted.has(name)) models.delete(name)
    for (const [name, { ref, places }] of wanted) {
      const source = sources.get(name) ?? null
      const known = models.get(name)
      if (known?.source === source && known.places.length === places.length) continue
      const placed = places.map((place) => ({ ...place, server: serverAt(place.base) }))
      const told = { source, kept: abilitiesIn(source), kind: kindIn(source) }
      models.set(name, createPlacedModel({ ref, places: placed, ...told, descriptions, now }))
    }
    return models
  }

  function serverAt(base: string): Server {
    const server = servers.get(base) ?? createServer({ ...options, base })
    servers.set(base, server)
    return server
  }

  function refreshAll(): void {
    for (const model of current().values()) void model.refresh()
  }

  return {
    /** All models, once each was looked at or `waitMs` have passed. */
    async all(waitMs: number): Promise<readonly PlacedModel[]> {
      const all = [...current().values()]
      await Promise.all(all.map((model) => model.known(waitMs)))
      return all
    },
    async find(ref: ModelRef, waitMs: number): Promise<PlacedModel | null> {
      const found = current().get(modelName(ref)) ?? null
      await found?.known(waitMs)
      return found
    },
    /** The model as it was looked at last. */
    placed: (ref: ModelRef): PlacedModel | null => models.get(modelName(ref)) ?? null,
    /** The servers of all models, in the order of the models. */
    servers(): readonly FleetServer[] {
      const all = [...current().values()]
      const used = new Set(all.flatMap(({ places }) => places.map(({ server }) => server)))
      return [...used].map((server) => ({
        server,
        models: all
          .filter(({ places }) => places.some((place) => place.server === server))
          .map(({ ref }) => ref),
      }))
    },
    close: () => clearInterval(checking),
  }
}

function placesOf({ ref, source }: ModelRecord): readonly ConfiguredPlace[] {
  return placesIn(source).map((place) => ({ ...place, ref }))
}

/** The places of each model, each once. */
function placesByModel(all: readonly ConfiguredPlace[]) {
  const byModel = new Map<string, { readonly ref: ModelRef; readonly places: Place[] }>()
  for (const { ref, base, model } of all) {
    const known = byModel.get(modelName(ref)) ?? { ref, places: [] }
    const isKnown = known.places.some((one) => one.base === base && one.model === model)
    if (!isKnown) known.places.push({ base, model })
    byModel.set(modelName(ref), known)
  }
  return byModel
}
