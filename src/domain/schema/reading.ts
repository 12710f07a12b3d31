import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'

/** A schema nests no deeper than this before the rest is taken as "anything". */
export const maxDepth = 12

/**
 * What a schema may cost to read and to draw, before the rest of it is taken as "anything": a step
 * for each schema and each choice in it, and some for long texts. Of 3,808
 * public models, the greediest takes 1,200.
 */
export const mostSteps = 10_000

/** A schema being read: what it refers to, and how many steps are left before the rest is taken as "anything". */
export interface SchemaReading {
  readonly schemas: JsonObject
  left: number
}

/** Whether there are steps left for a part of a schema; if so, they are taken. */
export function takeSteps(reading: SchemaReading, steps: number): boolean {
  if (reading.left < steps) return false
  reading.left -= steps
  return true
}

/** Follows `$ref` and a single-member `allOf`/`anyOf`; what stands beside them wins. */
export function resolve(raw: JsonObject, reading: SchemaReading, hops = 0): JsonObject {
  if (hops > maxDepth || !takeSteps(reading, 1)) return {}
  const { $ref, allOf } = raw
  const bases = [
    ...(typeof $ref === 'string' ? [resolveRef($ref, reading.schemas)] : []),
    ...(isList(allOf) ? allOf.filter(isObject) : []),
  ]
  const [only, ...others] = alternativesIn(raw).filter(({ type }) => type !== 'null')
  if (only && others.length === 0) bases.push(only)
  if (bases.length === 0) return raw
  const merged: Record<string, Json> = {}
  for (const base of bases) mergeKeywords(resolve(base, reading, hops + 1), merged)
  mergeKeywords(raw, merged)
  return merged
}

/** All that is read of a schema, and so all that is merged: a stranger's may have any other name. */
const keywords = [
  ...['type', 'format', 'title', 'description', 'default', 'enum', 'const', 'nullable'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'items', 'properties', 'required'],
  ...['anyOf', 'oneOf', 'deprecated', 'writeOnly', 'x-cog-secret', 'x-cog-accept'],
  ...['x-cog-array-type', 'x-cog-array-display'],
]

function mergeKeywords(schema: JsonObject, merged: Record<string, Json>): void {
  for (const keyword of keywords) {
    const value = schema[keyword]
    if (value !== undefined) merged[keyword] = value
  }
}

export function resolveRef($ref: string, schemas: JsonObject): JsonObject {
  const name = /^#\/(?:components\/schemas|\$defs|definitions)\/([^/]+)$/.exec($ref)?.[1]
  const target = name && Object.hasOwn(schemas, name) ? schemas[name] : undefined
  return isObject(target) ? target : {}
}

/** More alternatives than these are as good as anything. */
const mostAlternatives = 100

export function alternativesIn({ anyOf, oneOf }: JsonObject): readonly JsonObject[] {
  const alternatives = anyOf ?? oneOf
  const few = isList(alternatives) && alternatives.length <= mostAlternatives
  return few ? alternatives.filter(isObject) : []
}

/** Whether a schema says that its value is not to be shown again. */
export function isSecret(schema: JsonObject): boolean {
  return (
    schema['x-cog-secret'] === true || schema.format === 'password' || schema.writeOnly === true
  )
}
