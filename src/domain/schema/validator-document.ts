import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'

/** How much may be compiled for all inputs of a model, in nodes of JSON. Real models need a twentieth. */
const mostNodes = 30_000

/** The schemas that validators are made of. */
export interface SchemaSource {
  readonly schemas: JsonObject
  nodesLeft: number
}

export function sourceOf(schemas: JsonObject): SchemaSource {
  return { schemas, nodesLeft: mostNodes }
}

/** A rewriting in progress: `wanted` grows with each reference that is found. */
interface Rewriting {
  readonly wanted: Set<string>
  left: number
}

/** A schema with the definitions that it needs; null when it is too large. */
export function documentOf(raw: JsonObject, source: SchemaSource): JsonObject | null {
  const { schemas } = source
  const rewriting = { wanted: new Set<string>(), left: source.nodesLeft }
  const own = rewritten(raw, rewriting)
  const definitions: [string, Json][] = []
  for (const name of rewriting.wanted)
    if (Object.hasOwn(schemas, name))
      definitions.push([name, rewritten(schemas[name] ?? {}, rewriting)])
  source.nodesLeft = rewriting.left
  if (rewriting.left <= 0 || !isObject(own)) return null
  return { ...own, definitions: Object.fromEntries(definitions) }
}

/** Points `$ref`s at `definitions`, and drops patterns, which can run forever. */
function rewritten(schema: Json, rewriting: Rewriting): Json {
  if (rewriting.left-- <= 0) return {}
  if (isList(schema)) return schema.map((item) => rewritten(item, rewriting))
  if (typeof schema === 'bigint') return Number(schema)
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(withoutInteger(schema))
      .filter(([key]) => key !== 'pattern' && key !== 'patternProperties')
      .map(([key, item]) => [key, keyword(key, item, rewriting)]),
  )
}

/** Keywords whose value is data and no schema, and those that give names to schemas. */
const data = new Set(['enum', 'const', 'default', 'example', 'examples'])
const names = new Set(['properties', 'definitions', '$defs', 'dependentSchemas'])

function keyword(key: string, value: Json, rewriting: Rewriting): Json {
  if (data.has(key)) return copied(value, rewriting)
  if (names.has(key) && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, rewritten(one, rewriting)]),
    )
  // The validator tries each type, and everything within it each time.
  if (key === 'type' && isList(value)) return [...new Set(value)]
  if (key !== '$ref' || typeof value !== 'string') return rewritten(value, rewriting)
  const name = /^#\/(?:components\/schemas|definitions|\$defs)\/(.+)$/s.exec(value)?.[1]
  if (name === undefined) return value
  rewriting.wanted.add(name)
  return `#/definitions/${name}`
}

function copied(value: Json, rewriting: Rewriting): Json {
  if (rewriting.left-- <= 0) return null
  if (typeof value === 'bigint') return Number(value)
  if (isList(value)) return value.map((item) => copied(item, rewriting))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, copied(item, rewriting)]),
  )
}

/** The validator's integers end at 2⁵³; seeds do not. */
function withoutInteger(schema: JsonObject): JsonObject {
  if (schema.type !== 'integer') return schema
  return { ...schema, type: 'number', multipleOf: schema.multipleOf ?? 1 }
}
