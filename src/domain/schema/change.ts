import { isObject, type Json, type JsonObject, sameJson } from '../json/json.ts'
import { type ModelSchema, readSchema } from './schema.ts'
import type { Property } from './value-schema.ts'

/** One difference between two schemas. */
export interface SchemaChange {
  /** Of an input; null for the output. */
  readonly name: string | null
  readonly kind: 'added' | 'removed' | 'changed'
  /** The changed keywords: `default`, `maximum`. */
  readonly parts: readonly string[]
}

/** The same, with what the changed keywords said. */
export interface SchemaDifference extends Omit<SchemaChange, 'parts'> {
  readonly parts: readonly PartChange[]
}

export interface PartChange {
  readonly name: string
  /** Null when the schema did not, or does not, say it. */
  readonly before: Json
  readonly after: Json
}

/** The differences between two schemas of a model, in the order of the later inputs. */
export function schemaChanges(before: JsonObject, after: JsonObject): SchemaChange[] {
  return schemaDifferences(before, after).map(({ parts, ...change }) => ({
    ...change,
    parts: parts.map(({ name }) => name),
  }))
}

/** The same, with what was said before and what is said now. */
export function schemaDifferences(before: JsonObject, after: JsonObject): SchemaDifference[] {
  const [earlier, later] = [readSchema(before), readSchema(after)]
  const was = byName(earlier)
  const is = byName(later)
  const output = changedParts(earlier.output.raw, later.output.raw)
  return [
    ...later.input.flatMap((property): SchemaDifference[] => {
      const known = was.get(property.name)
      if (!known) return [{ name: property.name, kind: 'added', parts: [] }]
      const parts = changedProperty(known, property)
      return parts.length > 0 ? [{ name: property.name, kind: 'changed', parts }] : []
    }),
    ...earlier.input
      .filter(({ name }) => !is.has(name))
      .map(({ name }): SchemaDifference => ({ name, kind: 'removed', parts: [] })),
    ...(output.length > 0 ? [{ name: null, kind: 'changed', parts: output } as const] : []),
  ]
}

function byName({ input }: ModelSchema): ReadonlyMap<string, Property> {
  return new Map(input.map((property) => [property.name, property]))
}

function changedProperty(before: Property, after: Property): PartChange[] {
  const parts = changedParts(comparable(before), comparable(after))
  if (before.required === after.required) return parts
  return [{ name: 'required', before: before.required, after: after.required }, ...parts]
}

/** With the options behind a `$ref`, which change without the name of the schema. */
function comparable({ schema }: Property): JsonObject {
  const { $ref: _ref, allOf: _allOf, ...own } = schema.raw
  return { ...own, ...(schema.enum ? { enum: schema.enum } : {}) }
}

/** Keywords whose changes do not matter are left out. */
const telling = (name: string) => name !== 'x-order' && name !== 'title'

function changedParts(before: JsonObject, after: JsonObject): PartChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)].filter(telling))
  return [...names]
    .map((name) => ({ name, before: part(before, name), after: part(after, name) }))
    .filter((change) => !sameJson(change.before, change.after))
}

function part(schema: JsonObject, name: string): Json {
  const value = schema[name] ?? null
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => telling(key)))
}
