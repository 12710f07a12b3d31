import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { isSecret, lookUp } from './reading.ts'

/**
 * Everything that a document says of one value, `$ref`s and alternatives included: a value is secret
 * when any of it says so. Taken from the schemas as written, as what is read of them ends at a depth.
 */
export type Place = readonly JsonObject[]

/** A search for secrets; past its last step, all that is still to be looked at counts as secret. */
export interface SecretSearch {
  readonly schemas: JsonObject
  left: number
}

const mostSteps = 100_000

export function searchIn(schemas: JsonObject): SecretSearch {
  return { schemas, left: mostSteps }
}

/** The place of the whole input. */
export function inputPlace(search: SecretSearch): Place {
  return placeOf([search.schemas.Input], search)
}

export function isSecretPlace(place: Place, search: SecretSearch): boolean {
  return search.left <= 0 || place.some(isSecret)
}

export function memberPlace(place: Place, name: string, search: SecretSearch): Place {
  const found = place.flatMap(({ properties, patternProperties, additionalProperties }) => [
    ...(isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : []),
    ...(isObject(patternProperties) ? Object.values(patternProperties) : []),
    additionalProperties,
  ])
  return placeOf(found, search)
}

export function itemPlace(place: Place, at: number, search: SecretSearch): Place {
  const found = place.flatMap(({ items, prefixItems, additionalItems }) => [
    ...(isList(items) ? [items[at]] : [items]),
    ...(isList(prefixItems) ? [prefixItems[at]] : []),
    additionalItems,
  ])
  return placeOf(found, search)
}

function placeOf(found: readonly (Json | undefined)[], search: SecretSearch): Place {
  const place = new Set<JsonObject>()
  const rest = [...found]
  while (rest.length > 0 && search.left-- > 0) {
    const next = rest.pop()
    if (!isObject(next) || place.has(next)) continue
    place.add(next)
    if (typeof next.$ref === 'string') rest.push(lookUp(next.$ref, search.schemas))
    for (const list of [next.allOf, next.anyOf, next.oneOf])
      if (isList(list)) for (const one of list) rest.push(one)
    rest.push(next.then, next.else)
  }
  return [...place]
}

/** What a place says of secrets below it. */
export interface SecretsBelow {
  /** The value is one, or an item of it is: it has no name of its own to be known by. */
  readonly unnamed: boolean
  /** The names that secrets have, at any depth. */
  readonly names: ReadonlySet<string>
}

export function secretsBelow(place: Place, search: SecretSearch): SecretsBelow {
  const names = new Set<string>()
  const seen = new Map<JsonObject, Set<string | null>>()
  const rest: { readonly place: Place; readonly name: string | null }[] = [{ place, name: null }]
  let unnamed = false
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (isSecretPlace(next.place, search)) {
      if (next.name === null) unnamed = true
      else names.add(next.name)
    }
    for (const schema of next.place) {
      const known = seen.get(schema) ?? new Set()
      if (known.has(next.name)) continue
      seen.set(schema, known.add(next.name))
      const within = (found: Json | undefined, name: string | null) =>
        rest.push({ place: placeOf([found], search), name })
      const { properties, patternProperties, items, prefixItems } = schema
      if (isObject(properties))
        for (const [name, one] of Object.entries(properties)) within(one, name)
      const others = [
        ...(isObject(patternProperties) ? Object.values(patternProperties) : []),
        ...(isList(items) ? items : [items]),
        ...(isList(prefixItems) ? prefixItems : []),
        ...[schema.additionalItems, schema.additionalProperties],
      ]
      for (const one of others) within(one, next.name)
    }
    if (search.left <= 0) return { unnamed: true, names }
  }
  return { unnamed, names }
}

const marked = new WeakMap<JsonObject, boolean>()

/** Whether anything in the schemas is marked as secret: nearly all have nothing to hide. */
export function hasSecrets(schemas: JsonObject): boolean {
  const known = marked.get(schemas)
  if (known !== undefined) return known
  const rest: Json[] = [schemas]
  let found = false
  while (rest.length > 0 && !found) {
    const next = rest.pop()
    if (isObject(next)) found = isSecret(next)
    if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) if (typeof inner === 'object') rest.push(inner)
  }
  marked.set(schemas, found)
  return found
}
