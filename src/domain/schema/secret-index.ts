import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { someValue } from '../json/walk.ts'
import { isSecret } from './reading.ts'
import {
  areSecret,
  expanded,
  inputSubschemas,
  memberSubschemas,
  type SecretSearch,
  type Subschemas,
  searchIn,
} from './subschemas.ts'

/** The places where the schemas of a model mark secrets. Computed when first needed. */
export interface SecretIndex {
  readonly schemas: JsonObject
  /** Whether anything is marked; null until it is computed. */
  hasAny: boolean | null
  /** One for all inputs of a model, so that all of them together take bounded time. */
  readonly search: SecretSearch
  /** By input; null for the whole input. */
  readonly names: Map<string | null, SecretNames>
}

export function createSecretIndex(schemas: JsonObject): SecretIndex {
  return { schemas, hasAny: null, search: searchIn(schemas), names: new Map() }
}

/** Whether anything in the schemas is marked as secret. */
export function hasSecrets(index: SecretIndex): boolean {
  index.hasAny ??= marksSecret(index.schemas)
  return index.hasAny
}

/** The names of the members that are secret in an input, or in the whole input. */
export function secretNames(index: SecretIndex, input: string | null): SecretNames {
  const known = index.names.get(input)
  if (known) return known
  const { search } = index
  const whole = inputSubschemas(search)
  const found = namesBelow(input === null ? whole : memberSubschemas(whole, input, search), search)
  index.names.set(input, found)
  return found
}

export interface SecretNames {
  /** The value itself, or an item of it, is secret, and so has no name of its own. */
  readonly unnamed: boolean
  /** The names that secrets have, at any depth. */
  readonly names: ReadonlySet<string>
}

function marksSecret(schemas: JsonObject): boolean {
  return someValue(schemas, (value) => isObject(value) && isSecret(value))
}

function namesBelow(top: Subschemas, search: SecretSearch): SecretNames {
  const names = new Set<string>()
  const seen = new Map<JsonObject, Set<string | null>>()
  const rest: { readonly subschemas: Subschemas; readonly name: string | null }[] = [
    { subschemas: top, name: null },
  ]
  let unnamed = false
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (areSecret(next.subschemas, search)) {
      if (next.name === null) unnamed = true
      else names.add(next.name)
    }
    for (const schema of next.subschemas) {
      const known = seen.get(schema) ?? new Set()
      if (known.has(next.name)) continue
      seen.set(schema, known.add(next.name))
      for (const [name, inner] of schemasWithin(schema))
        rest.push({ subschemas: expanded([inner], search), name: name ?? next.name })
    }
    if (search.stepsLeft <= 0) return { unnamed: true, names }
  }
  return { unnamed, names }
}

/** The schemas of members and items, with the names of the members that have one. */
function schemasWithin(schema: JsonObject): (readonly [string | null, Json | undefined])[] {
  const { properties, patternProperties, items, prefixItems } = schema
  const unnamed = [
    ...(isObject(patternProperties) ? Object.values(patternProperties) : []),
    ...(isList(items) ? items : [items]),
    ...(isList(prefixItems) ? prefixItems : []),
    ...[schema.additionalItems, schema.additionalProperties],
  ]
  return [
    ...(isObject(properties) ? Object.entries(properties) : []),
    ...unnamed.map((inner) => [null, inner] as const),
  ]
}
