import { isObject, type JsonObject } from '../../domain/json/json.ts'
import { listIn } from '../../domain/json/parts.ts'
import type { ModelRecord, ModelSource } from '../../domain/model/record.ts'
import {
  type Abilities,
  abilitiesJson,
  isKind,
  type Kind,
  readAbilities,
} from './servers/abilities.ts'

/** Where a model runs. */
export interface Place {
  /** The server's URL without `/v1`. */
  readonly base: string
  /** The server's own name for the model; null for its first. */
  readonly model: string | null
}

/** The places of a source; none for another provider's. */
export function placesIn(source: ModelSource | null): readonly Place[] {
  if (source?.provider !== 'openai') return []
  return listIn(source.places)
    .filter(isObject)
    .flatMap(({ base, model }) => {
      if (typeof base !== 'string') return []
      return [{ base, model: typeof model === 'string' ? model : null }]
    })
}

/** What the model could do when it was added; null when that is not known. */
export function abilitiesIn(source: ModelSource | null): Abilities | null {
  return source?.provider === 'openai' ? readAbilities(source.abilities) : null
}

/** The kind that an operator said that the model is of; null when its server is believed. */
export function kindIn(source: ModelSource | null): Kind | null {
  return source?.provider === 'openai' && isKind(source.kind) ? source.kind : null
}

/** The kinds that operators said, by the places where the models run. */
export function keptKinds(records: readonly ModelRecord[]): ReadonlyMap<string, Kind> {
  return new Map(
    records.flatMap(({ source }) => {
      const kind = kindIn(source)
      return kind ? placesIn(source).map((place) => [placeName(place), kind] as const) : []
    }),
  )
}

/** `kind`: the one that an operator said; null for that of the server. */
export function placeSource(
  places: readonly Place[],
  abilities: Abilities,
  kind: Kind | null,
): ModelSource {
  const different = new Map(places.map((place) => [placeName(place), place]))
  const listed: JsonObject[] = [...different.values()].map(({ base, model }) => ({ base, model }))
  const said = kind === null ? {} : { kind }
  return { provider: 'openai', places: listed, abilities: abilitiesJson(abilities), ...said }
}

/** `http://gpu-1:8000#qwen3-8b`, as in `OPENAI_MODELS`. */
export function placeName({ base, model }: Place): string {
  return model === null ? base : `${base}#${model}`
}
