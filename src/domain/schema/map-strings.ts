import { isList, isObject, type Json } from '../json/json.ts'
import type { ValueSchema } from './value-schema.ts'

/** A copy of a value with its strings changed, each with its own schema at hand. */
export function mapStringsBySchema(
  json: Json,
  schema: ValueSchema | undefined,
  change: (text: string, schema: ValueSchema | undefined) => string,
): Json {
  if (typeof json === 'string') return change(json, schema)
  if (isList(json)) return json.map((item) => mapStringsBySchema(item, schema?.items, change))
  if (!isObject(json)) return json
  const entries = Object.entries(json).map(([key, member]) => {
    const property = schema?.properties?.find(({ name }) => name === key)
    return [key, mapStringsBySchema(member, property?.schema, change)] as const
  })
  return Object.fromEntries(entries)
}
