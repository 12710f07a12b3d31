import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { isSecret, resolveRef } from './reading.ts'

/**
 * All schemas that apply to one value, those behind `$ref`s and alternatives included: the value is
 * secret when one of them says so. They are the schemas as written, as `readSchema` stops at a
 * depth.
 */
export type Subschemas = readonly JsonObject[]

/** A search for secrets. After its last step, everything else counts as secret. */
export interface SecretSearch {
  readonly schemas: JsonObject
  stepsLeft: number
}

const mostSteps = 100_000

export function searchIn(schemas: JsonObject): SecretSearch {
  return { schemas, stepsLeft: mostSteps }
}

/** Whether a value to which these apply is a secret. */
export function areSecret(subschemas: Subschemas, search: SecretSearch): boolean {
  return search.stepsLeft <= 0 || subschemas.some(isSecret)
}

export function inputSubschemas(search: SecretSearch): Subschemas {
  return expanded([search.schemas.Input], search)
}

export function memberSubschemas(
  subschemas: Subschemas,
  name: string,
  search: SecretSearch,
): Subschemas {
  const found = subschemas.flatMap(({ properties, patternProperties, additionalProperties }) => [
    ...(isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : []),
    ...(isObject(patternProperties) ? Object.values(patternProperties) : []),
    additionalProperties,
  ])
  return expanded(found, search)
}

export function itemSubschemas(
  subschemas: Subschemas,
  at: number,
  search: SecretSearch,
): Subschemas {
  const found = subschemas.flatMap(({ items, prefixItems, additionalItems }) => [
    ...(isList(items) ? [items[at]] : [items]),
    ...(isList(prefixItems) ? [prefixItems[at]] : []),
    additionalItems,
  ])
  return expanded(found, search)
}

/** These schemas, and those that they refer to for the same value. */
export function expanded(found: readonly (Json | undefined)[], search: SecretSearch): Subschemas {
  const subschemas = new Set<JsonObject>()
  const rest = [...found]
  while (rest.length > 0 && search.stepsLeft-- > 0) {
    const next = rest.pop()
    if (!isObject(next) || subschemas.has(next)) continue
    subschemas.add(next)
    if (typeof next.$ref === 'string') rest.push(resolveRef(next.$ref, search.schemas))
    for (const list of [next.allOf, next.anyOf, next.oneOf])
      if (isList(list)) for (const one of list) rest.push(one)
    rest.push(next.then, next.else)
  }
  return [...subschemas]
}
