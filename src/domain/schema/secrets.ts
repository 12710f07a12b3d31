import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { forEachValue, someValue } from '../json/walk.ts'
import { isSecret } from './reading.ts'
import { redacted } from './redacted.ts'
import type { ModelSchema } from './schema.ts'
import {
  areSecret,
  expanded,
  inputSubschemas,
  itemSubschemas,
  memberSubschemas,
  type SecretSearch,
  type Subschemas,
  searchIn,
} from './subschemas.ts'

/** An input in two parts: one that may be stored and shown, and its secrets. */
export interface SplitInput {
  /** Every secret reads `[REDACTED]`, however deep it is. */
  readonly shown: JsonObject
  /** Each whole input that is or contains a secret, by name; empty when there are none. */
  readonly secrets: JsonObject
}

export function splitSecrets({ secrets: index }: ModelSchema, input: JsonObject): SplitInput {
  if (!hasSecrets(index)) return { shown: input, secrets: {} }
  const shown: [string, Json][] = []
  const secrets: [string, Json][] = []
  forEachInput(index, input, (name, value, subschemas, search) => {
    let holds = false
    const hidden = replaced(value, subschemas, search, (secret) => {
      holds ||= secret !== redacted
      return redacted
    })
    shown.push([name, hidden])
    if (holds) secrets.push([name, value])
  })
  return { shown: Object.fromEntries(shown), secrets: Object.fromEntries(secrets) }
}

/** Whether a secret is missing because it was redacted in an earlier input. */
export function lacksSecrets({ secrets: index }: ModelSchema, input: JsonObject): boolean {
  let lacks = false
  forEachInput(index, input, (_name, value, subschemas, search) => {
    replaced(value, subschemas, search, (secret) => {
      lacks ||= secret === redacted
      return secret
    })
  })
  return lacks
}

/** Every text and number that is secret in an input. */
export function secretTexts({ secrets: index }: ModelSchema, input: JsonObject): string[] {
  const texts: string[] = []
  forEachInput(index, input, (_name, value, subschemas, search) => {
    replaced(value, subschemas, search, (secret) => {
      texts.push(...textsIn(secret))
      return secret
    })
  })
  return texts
}

/** Whether an input is a secret, or may hold one. */
export function mayHoldSecrets({ secrets }: ModelSchema, name: string): boolean {
  if (!hasSecrets(secrets)) return false
  const { unnamed, names } = secretNames(secrets, name)
  return unnamed || names.size > 0
}

function forEachInput(
  index: SecretIndex,
  input: JsonObject,
  each: (name: string, value: Json, subschemas: Subschemas, search: SecretSearch) => void,
): void {
  if (!hasSecrets(index)) return
  const search = searchIn(index.schemas)
  const whole = inputSubschemas(search)
  for (const [name, value] of Object.entries(input))
    each(name, value, memberSubschemas(whole, name, search), search)
}

/** A copy of a value with its secrets replaced. Null and an empty text are no secrets. */
function replaced(
  value: Json,
  subschemas: Subschemas,
  search: SecretSearch,
  replace: (secret: Json) => Json,
): Json {
  if (areSecret(subschemas, search)) return value === null || value === '' ? value : replace(value)
  if (subschemas.length === 0 || typeof value !== 'object') return value
  const within = (inner: Json, by: Subschemas) => replaced(inner, by, search, replace)
  if (isList(value))
    return value.map((item, at) => within(item, itemSubschemas(subschemas, at, search)))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      within(member, memberSubschemas(subschemas, name, search)),
    ]),
  )
}

function textsIn(secret: Json): string[] {
  const texts: string[] = []
  forEachValue(secret, (value) => {
    if (value !== null && typeof value !== 'object' && typeof value !== 'boolean')
      texts.push(String(value))
  })
  return texts
}

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
