import { z } from 'zod'
import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import type { ModelSchema, ValueSchema } from './schema.ts'
import { isAffordable } from './validation-cost.ts'

// Schemas come from strangers: no code is generated from them.
z.config({ jitless: true })

/** A schema with all that it refers to, as the validator takes it, and the validator itself. */
interface Compiled {
  readonly document: JsonObject
  readonly check: z.ZodType
}

const compiled = new WeakMap<JsonObject, Compiled | null>()

/** Says in one sentence why a value does not fit its schema; null when it does, or when no one can tell. */
export function misfit(json: Json, schema: ValueSchema, { schemas }: ModelSchema): string | null {
  const known = compiled.get(schema.raw)
  const found = known === undefined ? compile(schema.raw, schemas) : known
  compiled.set(schema.raw, found)
  const issue = found && isAffordable(json, found.document) ? issueOf(json, found.check) : null
  if (!issue) return null
  const where = issue.path.map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
  )
  const path = where.join('').replace(/^\./, '')
  return path ? `${path}: ${issue.message}.` : `${issue.message}.`
}

function issueOf(json: Json, check: z.ZodType) {
  try {
    return check.safeParse(plain(json)).error?.issues[0] ?? null
  } catch {
    return null
  }
}

/** A schema that the validator does not understand checks nothing: its provider will speak. */
function compile(raw: JsonObject, schemas: JsonObject): Compiled | null {
  try {
    const document = documentOf(raw, schemas)
    if (!document) return null
    const check = z.fromJSONSchema(document as Parameters<typeof z.fromJSONSchema>[0], {
      defaultTarget: 'openapi-3.0',
      registry: z.registry(),
    })
    return { document, check }
  } catch {
    return null
  }
}

/** What all the inputs of one model may cost to compile, in nodes of JSON. Real ones take a twentieth. */
const mostNodes = 30_000

const nodesLeft = new WeakMap<JsonObject, number>()

/** What is being rewritten: `wanted` grows with each reference that is met. */
interface Rewriting {
  readonly wanted: Set<string>
  left: number
}

/** A schema with the definitions that it needs and no others; null when that is too much. */
function documentOf(raw: JsonObject, schemas: JsonObject): JsonObject | null {
  const rewriting = { wanted: new Set<string>(), left: nodesLeft.get(schemas) ?? mostNodes }
  const own = rewritten(raw, rewriting)
  const definitions: [string, Json][] = []
  for (const name of rewriting.wanted)
    if (Object.hasOwn(schemas, name))
      definitions.push([name, rewritten(schemas[name] ?? {}, rewriting)])
  nodesLeft.set(schemas, rewriting.left)
  if (rewriting.left <= 0 || !isObject(own)) return null
  return { ...own, definitions: Object.fromEntries(definitions) }
}

/** `$ref`s point at `definitions`; patterns are dropped, as a stranger's pattern can run for ever. */
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
  // The validator tries each type in its turn, and what is in it each time.
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

/** No infinity is a number to the validator. */
function finite(number: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number))
}

/** The validator knows no bigint: to it, a long integer is a number. */
function plain(json: Json): unknown {
  if (typeof json === 'bigint') return finite(Number(json))
  if (isList(json)) return json.map(plain)
  if (!isObject(json)) return json
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, plain(item)]))
}
