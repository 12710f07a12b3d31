import { readDataUri } from '../file/data-uri.ts'
import { isList, type Json, type JsonObject } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { isFileSchema, type ValueSchema } from '../schema/value-schema.ts'

/**
 * The largest input, in UTF-16 units of JSON: each read of a prediction reads its input. Files do not
 * count, whether stored, linked or inline.
 */
export const mostInputUnits = 8 * 2 ** 20

export const inputTooLarge = `All inputs together may have ${mostInputUnits >> 20} MB of text. Give what is longer as a file or an address`

/** The name of the first value that makes an input too large; null when it is not. */
export function oversizedInput(schema: ModelSchema, input: JsonObject): string | null {
  let left = mostInputUnits
  for (const { name, schema: wanted } of schema.input) {
    const value = Object.hasOwn(input, name) ? input[name] : undefined
    if (value !== undefined) left -= jsonLength(withoutData(value, wanted), left)
    if (left < 0) return name
  }
  return null
}

/** The value without its data URIs, where files are asked for. */
function withoutData(value: Json, wanted: ValueSchema): Json {
  const { items } = wanted
  if (isFileSchema(wanted)) return isData(value) ? '' : value
  if (!items || !isFileSchema(items) || !isList(value)) return value
  return value.map((item) => (isData(item) ? '' : item))
}

function isData(value: Json): boolean {
  return typeof value === 'string' && readDataUri(value) !== null
}
