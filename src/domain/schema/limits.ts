import { beginning, pageBytes } from '../json/excerpt.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'

/** The most inputs of a form, so that a submission fits the bounds of requests. */
export const mostInputs = 500

/** The longest name of an input, in bytes, that a form can send. */
const mostNameBytes = 190

/**
 * Whether a form can send an input of this name: browsers change control characters and lone
 * surrogates.
 */
export function canBeSent(name: string): boolean {
  if (name.length > mostNameBytes || pageBytes(name) > mostNameBytes) return false
  return name.isWellFormed() && !/\p{Cc}/u.test(name)
}

/** In characters of JSON. */
const mostUnits = 2 ** 20

/** A sentence when schemas are too large to be read; null when they are not. */
export function sizeProblem(schemas: Json): string | null {
  return jsonLength(schemas, mostUnits) > mostUnits ? 'Its schema is larger than 1 MB.' : null
}

/** Says in one sentence why no form can ask for all that a model takes; null when one can. */
export function problemOf(input: JsonObject): string | null {
  const names = isObject(input.properties) ? Object.keys(input.properties) : []
  if (names.length > mostInputs)
    return `It has ${names.length} inputs, and a form can have at most ${mostInputs}.`
  const unsendable = names.find((name) => !canBeSent(name))
  if (unsendable === undefined) return null
  return `A form cannot have an input named “${beginning(unsendable, 40).toWellFormed()}”.`
}
