import { z } from 'zod'
import { isList, isObject, type Json, type JsonObject } from './json.ts'
import type { ModelSchema, ValueSchema } from './schema.ts'

// Schemas come from strangers: no code is generated from them.
z.config({ jitless: true })

const compiled = new WeakMap<JsonObject, z.ZodType | null>()

/** Says in one sentence why a value does not fit its schema; null when it does, or when no one can tell. */
export function misfit(json: Json, schema: ValueSchema, { schemas }: ModelSchema): string | null {
  const check = compile(schema.raw, schemas)
  const issue = check?.safeParse(plain(json)).error?.issues[0]
  if (!issue) return null
  const where = issue.path.map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
  )
  const path = where.join('').replace(/^\./, '')
  return path ? `${path}: ${issue.message}.` : `${issue.message}.`
}

/** A schema that the validator does not understand checks nothing: its provider will speak. */
function compile(raw: JsonObject, schemas: JsonObject): z.ZodType | null {
  const known = compiled.get(raw)
  if (known !== undefined) return known
  let check: z.ZodType | null = null
  try {
    const definitions = rewritten(schemas)
    const own = rewritten(raw)
    const document = { ...(isObject(own) ? own : {}), definitions }
    check = z.fromJSONSchema(document as Parameters<typeof z.fromJSONSchema>[0], {
      defaultTarget: 'openapi-3.0',
      registry: z.registry(),
    })
  } catch {
    check = null
  }
  compiled.set(raw, check)
  return check
}

/** `$ref`s point at `definitions`; patterns are dropped, as a stranger's pattern can run for ever. */
function rewritten(schema: Json): Json {
  if (isList(schema)) return schema.map(rewritten)
  if (typeof schema === 'bigint') return Number(schema)
  if (!isObject(schema)) return schema
  // The validator's integers end at 2⁵³; seeds do not.
  const { type, ...rest } = schema
  return Object.fromEntries(
    Object.entries(
      type === 'integer' ? { ...rest, type: 'number', multipleOf: rest.multipleOf ?? 1 } : schema,
    )
      .filter(([key]) => key !== 'pattern' && key !== 'patternProperties')
      .map(([key, item]) => [
        key,
        key === '$ref' && typeof item === 'string'
          ? item.replace(/^#\/components\/schemas\//, '#/definitions/')
          : rewritten(item),
      ]),
  )
}

/** The validator knows no bigint: to it, a long integer is a number. */
function plain(json: Json): unknown {
  if (typeof json === 'bigint') return Number(json)
  if (isList(json)) return json.map(plain)
  if (!isObject(json)) return json
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, plain(item)]))
}
