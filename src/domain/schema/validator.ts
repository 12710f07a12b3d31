import { z } from 'zod'
import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { mapLeaves } from '../json/walk.ts'
import type { ModelSchema } from './schema.ts'
import { documentOf, type SchemaSource, sourceOf } from './validator-document.ts'
import type { ValueSchema } from './value-schema.ts'

// Schemas are not trusted: no code is generated from them.
z.config({ jitless: true })

/** The validators of a model's schemas, each compiled when it is first needed. */
export interface Validators {
  readonly source: SchemaSource
  /** By the schema as written; null for one that the validator does not understand. */
  readonly compiled: Map<JsonObject, Compiled | null>
}

/** A schema with all that it refers to, as the validator takes it, and the validator itself. */
interface Compiled {
  readonly document: JsonObject
  readonly check: z.ZodType
}

export function createValidators(schemas: JsonObject): Validators {
  return { source: sourceOf(schemas), compiled: new Map() }
}

/**
 * Validates a value against its schema as written. Answers one sentence saying what is wrong; null
 * when nothing is, or when the schema is not understood or would take too long.
 */
export function validationError(
  json: Json,
  { raw }: ValueSchema,
  { validators }: ModelSchema,
): string | null {
  const known = validators.compiled.get(raw)
  const found = known === undefined ? compile(raw, validators.source) : known
  if (known === undefined) validators.compiled.set(raw, found)
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

/** Null for a schema that the validator does not understand: the provider validates the value. */
function compile(raw: JsonObject, source: SchemaSource): Compiled | null {
  try {
    const document = documentOf(raw, source)
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

/** The validator does not accept infinities. */
function finite(number: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number))
}

/** The validator knows no bigint: to it, a long integer is a number. */
function plain(json: Json): Json {
  return mapLeaves(json, (leaf) => (typeof leaf === 'bigint' ? finite(Number(leaf)) : leaf))
}

/** The most visits of values by schemas, above which a value is not validated. */
const mostVisits = 100_000

/** The deepest recursion of the validator. */
const mostDepth = 2_000

interface Walk {
  readonly definitions: JsonObject
  left: number
}

/**
 * Whether a value can be validated in bounded time. Nested alternatives multiply: a few lines of
 * schema can take years.
 */
export function isAffordable(value: Json, document: JsonObject): boolean {
  const definitions = isObject(document.definitions) ? document.definitions : {}
  const walk = { definitions, left: mostVisits }
  visit(value, document, walk, 0)
  return walk.left > 0
}

/** Visits everything that a validator visits in the worst case. */
function visit(value: Json, schema: Json | undefined, walk: Walk, depth: number): void {
  if (depth > mostDepth) walk.left = 0
  if (walk.left-- <= 0 || !isObject(schema)) return
  const next = (inner: Json, by: Json | undefined) => visit(inner, by, walk, depth + 1)
  if (typeof schema.$ref === 'string') next(value, walk.definitions[schema.$ref.slice(14)])
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf])
    if (isList(list)) for (const one of list) next(value, one)
  if (isList(value)) visitItems(value, schema, next)
  else if (isObject(value)) visitMembers(value, schema, next)
}

type Next = (inner: Json, by: Json | undefined) => void

function visitItems(value: readonly Json[], schema: JsonObject, next: Next): void {
  const { items, prefixItems, additionalItems, contains } = schema
  for (const [at, item] of value.entries()) {
    const positional = isList(items) ? items : isList(prefixItems) ? prefixItems : []
    next(item, positional[at] ?? (isList(items) ? additionalItems : items))
    if (contains !== undefined) next(item, contains)
  }
}

function visitMembers(value: JsonObject, schema: JsonObject, next: Next): void {
  const { properties, additionalProperties, propertyNames } = schema
  for (const [name, member] of Object.entries(value)) {
    const declared = isObject(properties) && Object.hasOwn(properties, name)
    next(member, declared ? properties[name] : additionalProperties)
    if (propertyNames !== undefined) next(name, propertyNames)
  }
}
