import { isList, isObject, type Json } from '../json/json.ts'
import type { ValueSchema } from './value-schema.ts'

/** A value with another text in place of each in it, where what becomes of it depends on its schema. */
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
