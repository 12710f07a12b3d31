import { pageBytes } from '../json/excerpt.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { jsonLength } from '../json/size.ts'
import { beginning } from '../json/whole-text.ts'

/** The most inputs that a form asks for: what it sends is to fit what is read of one. */
export const mostInputs = 500

/** The longest name of an input, in bytes, that a form can send. */
const mostNameBytes = 190

/** Whether a form can send an input of such a name: browsers change what is no plain text in it. */
export function canBeSent(name: string): boolean {
  if (name.length > mostNameBytes || pageBytes(name) > mostNameBytes) return false
  return name.isWellFormed() && !/\p{Cc}/u.test(name)
}

/** In characters of JSON. */
const mostUnits = 2 ** 20

/** Why schemas are too large to be looked at; null when they are not. */
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
