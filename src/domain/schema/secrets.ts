import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { forEachValue } from '../json/walk.ts'
import { redacted } from './redacted.ts'
import type { ModelSchema } from './schema.ts'
import { hasSecrets, type SecretIndex, secretNames } from './secret-index.ts'
import {
  areSecret,
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
