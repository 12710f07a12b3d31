import type { AppAddress } from '../../../domain/model/addresses/app-address.ts'
import { spaceIn } from '../../../domain/model/addresses/app-address.ts'
import type { ModelRecord } from '../../../domain/model/record.ts'
import { type ModelRef, modelName, sameModel } from '../../../domain/model-ref.ts'
import type { Descriptions } from '../../descriptions.ts'
import type { GradioLimits } from '../limits.ts'
import { addressesIn } from '../sources.ts'
import { type App, type AppOptions, createApp } from './app.ts'
import { type AppModel, createAppModel } from './app-model.ts'
import { createPlace, type Place } from './place.ts'

/** A model of the configuration and one of the endpoints that run it. */
export interface ConfiguredEndpoint extends AppAddress {
  readonly ref: ModelRef
}

export interface FleetOptions extends Omit<AppOptions, 'base'> {
  readonly configured: readonly ConfiguredEndpoint[]
  readonly records: { all(): readonly ModelRecord[] }
  readonly descriptions: Descriptions
  readonly limits: GradioLimits
}

export type Fleet = ReturnType<typeof createFleet>

/** All models with the apps that run them, which are looked at periodically. */
export function createFleet(options: FleetOptions) {
  const { configured, records, descriptions, limits, now } = options
  const models = new Map<string, AppModel>()
  const apps = new Map<string, App>()
  const places = new Map<string, Place>()
  const checking = setInterval(refreshAll, limits.checkEveryMs)
  checking.unref()
  current()

  /** Brings `models` up to date with what operators have added and removed. */
  function current(): ReadonlyMap<string, AppModel> {
    const wanted = wantedModels()
    for (const name of models.keys()) if (!wanted.has(name)) models.delete(name)
    for (const [name, { ref, own }] of wanted) {
      const source = records.all().find((one) => sameModel(one.ref, ref))?.source ?? null
      const known = models.get(name)
      if (known?.source === source && known.places.length === own.length) continue
      models.set(name, createAppModel({ ref, source, places: own, descriptions, now }))
    }
    return models
  }

  function wantedModels() {
    const wanted = new Map<string, { readonly ref: ModelRef; readonly own: Place[] }>()
    const added = records
      .all()
      .flatMap(({ ref, source }) => addressesIn(source).map((address) => ({ ...address, ref })))
    for (const { ref, base, endpoint } of [...configured, ...added]) {
      const known = wanted.get(modelName(ref)) ?? { ref, own: [] }
      const place = placeAt(base, endpoint ?? '/predict')
      if (!known.own.includes(place)) known.own.push(place)
      wanted.set(modelName(ref), known)
    }
    return wanted
  }

  function placeAt(base: string, endpoint: string): Place {
    const app = apps.get(base) ?? createApp({ ...options, base })
    apps.set(base, app)
    const name = `${base}#${endpoint}`
    const place = places.get(name) ?? createPlace(app, endpoint)
    places.set(name, place)
    return place
  }

  /** A request would wake a Space that sleeps. */
  function refreshAll(): void {
    for (const model of current().values())
      if (model.places.some(({ app }) => spaceIn(app.base) === null)) void model.refresh()
  }

  return {
    all: () => [...current().values()],
    find: (ref: ModelRef): AppModel | null => current().get(modelName(ref)) ?? null,
    /** The places of a model, as they were checked last. */
    placesOf: (ref: ModelRef): readonly Place[] => models.get(modelName(ref))?.places ?? [],
    /** The apps of all models, in the order of the models. */
    apps(): readonly { readonly app: App; readonly models: readonly ModelRef[] }[] {
      const all = [...current().values()]
      const used = new Set(all.flatMap((model) => model.places.map(({ app }) => app)))
      return [...used].map((app) => ({
        app,
        models: all.filter((one) => one.places.some((at) => at.app === app)).map(({ ref }) => ref),
      }))
    },
    close: () => clearInterval(checking),
  }
}
