import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'

/** A schema nests no deeper than this before the rest is taken as "anything". */
export const maxDepth = 12

/**
 * The steps in which a schema is read and drawn, before the rest of it is taken as "anything": one
 * for each schema and each option in it, and some for long texts. Of 3,808 public models, the
 * largest takes 1,200.
 */
export const mostSteps = 10_000

/** A schema being read: what it refers to, and how many steps are left before the rest is taken as "anything". */
export interface SchemaReading {
  readonly schemas: JsonObject
  left: number
}

/** Takes steps for a part of a schema, and returns whether there were enough left. */
export function takeSteps(reading: SchemaReading, steps: number): boolean {
  if (reading.left < steps) return false
  reading.left -= steps
  return true
}

/** Follows `$ref` and a single-member `allOf`/`anyOf`; keywords beside them win. */
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

/** The keywords that are read. Others are not merged. */
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

/** With more alternatives, a schema is taken as "anything". */
const mostAlternatives = 100

export function alternativesIn({ anyOf, oneOf }: JsonObject): readonly JsonObject[] {
  const alternatives = anyOf ?? oneOf
  const few = isList(alternatives) && alternatives.length <= mostAlternatives
  return few ? alternatives.filter(isObject) : []
}

/** Whether a schema marks its value as secret. */
export function isSecret(schema: JsonObject): boolean {
  return (
    schema['x-cog-secret'] === true || schema.format === 'password' || schema.writeOnly === true
  )
}
