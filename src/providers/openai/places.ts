import { isObject, type JsonObject } from '../../domain/json/json.ts'
import { listIn } from '../../domain/json/parts.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import { type Abilities, abilitiesJson, readAbilities } from './servers/abilities.ts'

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

export function placeSource(places: readonly Place[], abilities: Abilities): ModelSource {
  const different = new Map(places.map((place) => [placeName(place), place]))
  const listed: JsonObject[] = [...different.values()].map(({ base, model }) => ({ base, model }))
  return { provider: 'openai', places: listed, abilities: abilitiesJson(abilities) }
}

/** `http://gpu-1:8000#qwen3-8b`, as in `OPENAI_MODELS`. */
export function placeName({ base, model }: Place): string {
  return model === null ? base : `${base}#${model}`
}
