import { type Json, sameJson } from '../json/json.ts'
import type { Property, ValueSchema } from '../schema/value-schema.ts'
import { violationsOf } from '../schema/violations.ts'

/** An input as several models allow it; null when they have no choice in common. */
export function commonProperty(name: string, properties: readonly Property[]): Property | null {
  const [first] = properties
  if (!first) return null
  const schemas = properties.map(({ schema }) => schema)
  const choices = commonChoices(schemas)
  if (choices?.length === 0) return null
  const { default: fallback, enum: _, minimum: _low, maximum: _high, ...rest } = first.schema
  const schema: ValueSchema = {
    ...rest,
    ...bound('minimum', Math.max(...boundsOf(schemas, 'minimum'))),
    ...bound('maximum', Math.min(...boundsOf(schemas, 'maximum'))),
    ...(choices ? { enum: choices } : {}),
  }
  const isAllowed = fallback !== undefined && violationsOf(fallback, schema).length === 0
  return {
    name,
    required: properties.some(({ required }) => required),
    schema: isAllowed ? { ...schema, default: fallback } : schema,
  }
}

function boundsOf(schemas: readonly ValueSchema[], name: 'minimum' | 'maximum'): readonly number[] {
  return schemas.flatMap((schema) => schema[name] ?? [])
}

function bound(name: 'minimum' | 'maximum', value: number) {
  return Number.isFinite(value) ? { [name]: value } : {}
}

/** The choices that all of them have that have choices; undefined when none has. */
function commonChoices(schemas: readonly ValueSchema[]): readonly Json[] | undefined {
  const [first, ...others] = schemas.flatMap((schema) => (schema.enum ? [schema.enum] : []))
  return first?.filter((choice) =>
    others.every((choices) => choices.some((other) => sameJson(choice, other))),
  )
}
