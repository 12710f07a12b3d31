import { LRUCache } from 'lru-cache'
import type { JsonObject } from '../../domain/json/json.ts'
import type { Version } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { type JsonText, writeJson } from './json-text.ts'

const mostVersions = 500
/** Of their schemas as text, in UTF-16 units. */
const mostUnits = 32 * 2 ** 20

/** A version never changes, so it is read and written once. */
export function createVersionCache() {
  const versions = new LRUCache<string, Version>({ max: mostVersions, maxSize: mostUnits })
  const kept = new LRUCache<string, true>({ max: mostVersions })
  // Until a version is known to be kept, each prediction of it tries to keep it.
  const schemas = new LRUCache<string, JsonText<JsonObject>>({ max: mostVersions })
  const keyOf = (model: ModelRef, id: string) => `${modelName(model)}:${id}`

  return {
    find: (model: ModelRef, id: string) => versions.get(keyOf(model, id)),
    add(version: Version, units: number): void {
      versions.set(keyOf(version.model, version.id), version, { size: Math.max(1, units) })
    },
    isKept: ({ model, id }: Version) => kept.get(keyOf(model, id)) === true,
    markKept({ model, id }: Version): void {
      kept.set(keyOf(model, id), true)
      schemas.delete(keyOf(model, id))
    },
    /** The schemas of a version as text. */
    schemasOf({ model, id, schema }: Version): JsonText<JsonObject> {
      const key = keyOf(model, id)
      const text = schemas.get(key) ?? writeJson(schema.schemas)
      schemas.set(key, text)
      return text
    },
    remove(model: ModelRef, id: string): void {
      const key = keyOf(model, id)
      for (const cache of [versions, kept, schemas]) cache.delete(key)
    },
  }
}
