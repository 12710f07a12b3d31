import { z } from 'zod'
import { isList, isObject, type Json, type JsonObject } from './json.ts'

/** One input of a model, with every `$ref` and `allOf` on the way to it resolved. */
export interface Property {
  readonly name: string
  readonly required: boolean
  readonly schema: ValueSchema
}

/** The part of a JSON schema that decides how a value is asked for, checked and shown. */
export interface ValueSchema {
  /** Absent when the schema allows more than one type, or names none. */
  readonly type?: ValueType
  readonly format?: string
  readonly title?: string
  readonly description?: string
  readonly default?: Json
  readonly enum?: readonly Json[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: ValueSchema
  readonly properties?: readonly Property[]
  readonly nullable: boolean
  readonly deprecated: boolean
  /** `format: password` or `x-cog-secret`: never shown again once given. */
  readonly secret: boolean
  /** `x-cog-accept`: which files are asked for, as in HTML's `accept`. */
  readonly accept?: string
  /** `x-cog-array-type: iterator`: a list that arrives item by item. */
  readonly iterator: boolean
  /** `x-cog-array-display: concatenate`: the items joined are one text. */
  readonly concatenate: boolean
  /** The schema as written, for validation; its `$ref`s point into the document's schemas. */
  readonly raw: JsonObject
}

const valueTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const
export type ValueType = (typeof valueTypes)[number]

export interface ModelSchema {
  /** In the order a person should meet them: by `x-order`, then as written. */
  readonly input: readonly Property[]
  readonly output: ValueSchema
  /** `components.schemas`, for resolving `$ref` while validating. */
  readonly schemas: JsonObject
}

/** A schema nests no deeper than this before the rest is taken as "anything". */
const maxDepth = 12

const openApiDocument = z.object({
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

/** `components.schemas` of an OpenAPI document; null when it has none with an `Input`. */
export function schemasOf(document: Json): JsonObject | null {
  const parsed = openApiDocument.safeParse(document)
  if (!parsed.success) return null
  const schemas = parsed.data.components.schemas as JsonObject
  return isObject(schemas.Input) ? schemas : null
}

/** Whether a value is a file: a text that is its address. */
export function isFileSchema({ type, format, enum: options }: ValueSchema): boolean {
  return type === 'string' && format === 'uri' && !options
}

const alreadyRead = new WeakMap<JsonObject, ModelSchema>()

/** Reads `components.schemas` of a model. Never throws: what it cannot read becomes "anything". */
export function readSchema(schemas: JsonObject): ModelSchema {
  const known = alreadyRead.get(schemas)
  if (known) return known
  const schema = read(schemas)
  alreadyRead.set(schemas, schema)
  return schema
}

function read(schemas: JsonObject): ModelSchema {
  const reading = { schemas, left: mostSteps }
  const input = readValue(isObject(schemas.Input) ? schemas.Input : {}, reading)
  const output = isObject(schemas.Output) ? schemas.Output : {}
  return { input: input.properties ?? [], output: readValue(output, reading), schemas }
}

const mostSteps = 10_000

/** A schema being read: what it refers to, and how many steps are left before the rest is taken as "anything". */
interface SchemaReading {
  readonly schemas: JsonObject
  left: number
}

function readValue(raw: JsonObject, reading: SchemaReading, depth = 0): ValueSchema {
  const merged = resolve(raw, reading)
  const type = typeOf(merged)
  const options = merged.enum
  const canDescend = depth < maxDepth && reading.left > 0
  return {
    ...(type ? { type } : {}),
    ...strings(merged, 'format', 'title', 'description'),
    ...numbers(merged, 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'),
    ...numbers(merged, 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'),
    ...(merged.default === undefined || merged.default === null ? {} : { default: merged.default }),
    ...(isList(options) ? { enum: options.filter((option) => option !== null) } : {}),
    ...(canDescend && isObject(merged.items)
      ? { items: readValue(merged.items, reading, depth + 1) }
      : {}),
    ...(canDescend && isObject(merged.properties)
      ? { properties: readProperties(merged, merged.properties, reading, depth + 1) }
      : {}),
    ...(typeof merged['x-cog-accept'] === 'string' ? { accept: merged['x-cog-accept'] } : {}),
    nullable: isNullable(merged),
    deprecated: merged.deprecated === true,
    secret: merged['x-cog-secret'] === true || merged.format === 'password',
    iterator: merged['x-cog-array-type'] === 'iterator',
    concatenate: merged['x-cog-array-display'] === 'concatenate',
    raw,
  }
}

function isNullable(merged: JsonObject): boolean {
  const alternatives = merged.anyOf ?? merged.oneOf
  return (
    merged.nullable === true ||
    (isList(merged.type) && merged.type.includes('null')) ||
    (isList(alternatives) && alternatives.some((one) => isObject(one) && one.type === 'null'))
  )
}

function readProperties(
  parent: JsonObject,
  properties: JsonObject,
  reading: SchemaReading,
  depth: number,
): Property[] {
  const required = isList(parent.required) ? parent.required : []
  const ordered = Object.entries(properties).map(([name, value], position) => {
    const raw = isObject(value) ? value : {}
    const order = typeof raw['x-order'] === 'number' ? raw['x-order'] : position
    const schema = readValue(raw, reading, depth)
    return { order, property: { name, required: required.includes(name), schema } }
  })
  return ordered.sort((a, b) => a.order - b.order).map(({ property }) => property)
}

/** Follows `$ref` and a single-member `allOf`/`anyOf`; what stands beside them wins. */
function resolve(raw: JsonObject, reading: SchemaReading, hops = 0): JsonObject {
  if (hops > maxDepth || reading.left-- <= 0) return {}
  const { $ref, allOf, ...own } = raw
  const bases = [
    ...(typeof $ref === 'string' ? [lookUp($ref, reading.schemas)] : []),
    ...(isList(allOf) ? allOf.filter(isObject) : []),
  ]
  const alternatives = nonNull(raw.anyOf ?? raw.oneOf)
  if (alternatives?.length === 1 && alternatives[0]) bases.push(alternatives[0])
  if (bases.length === 0) return raw
  return Object.assign({}, ...bases.map((base) => resolve(base, reading, hops + 1)), own)
}

function lookUp($ref: string, schemas: JsonObject): JsonObject {
  const name = /^#\/(?:components\/schemas|\$defs|definitions)\/([^/]+)$/.exec($ref)?.[1]
  const target = name && Object.hasOwn(schemas, name) ? schemas[name] : undefined
  return isObject(target) ? target : {}
}

function nonNull(alternatives: Json | undefined): JsonObject[] | null {
  if (!isList(alternatives)) return null
  return alternatives.filter(isObject).filter((alternative) => alternative.type !== 'null')
}

function typeOf(merged: JsonObject): ValueType | undefined {
  const named = isList(merged.type)
    ? merged.type.filter((type) => type !== 'null')
    : [merged.type].filter((type) => type !== undefined)
  const [only, ...others] = named
  if (others.length > 0) return undefined
  if (only === undefined) return typeOfEnum(merged.enum)
  return valueTypes.find((type) => type === only)
}

function typeOfEnum(options: Json | undefined): ValueType | undefined {
  if (!isList(options) || options.length === 0) return undefined
  if (options.every((option) => typeof option === 'string')) return 'string'
  if (options.every((option) => Number.isInteger(option))) return 'integer'
  return options.every((option) => typeof option === 'number') ? 'number' : undefined
}

type StringKey = 'format' | 'title' | 'description'
type NumberKey = Exclude<
  {
    [K in keyof ValueSchema]-?: ValueSchema[K] extends number | undefined ? K : never
  }[keyof ValueSchema],
  undefined
>

function strings(raw: JsonObject, ...keys: StringKey[]): Partial<Record<StringKey, string>> {
  return Object.fromEntries(
    keys.flatMap((key) => (typeof raw[key] === 'string' ? [[key, raw[key]]] : [])),
  )
}

function numbers(raw: JsonObject, ...keys: NumberKey[]): Partial<Record<NumberKey, number>> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const bound = raw[key]
      return typeof bound === 'number' || typeof bound === 'bigint' ? [[key, Number(bound)]] : []
    }),
  )
}
