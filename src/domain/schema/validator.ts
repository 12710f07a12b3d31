import { z } from 'zod'
import type { Json, JsonObject } from '../json/json.ts'
import { mapLeaves } from '../json/walk.ts'
import type { ModelSchema } from './schema.ts'
import { isAffordable } from './validation-cost.ts'
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
