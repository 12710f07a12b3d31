import { beginning } from '../json/excerpt.ts'
import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'
import { canBeSent, mostInputs } from './limits.ts'
import {
  alternativesIn,
  isSecret,
  maxDepth,
  resolve,
  type SchemaReading,
  takeSteps,
} from './reading.ts'
import { type Property, type ValueSchema, type ValueType, valueTypes } from './value-schema.ts'

const mostDefaultUnits = 64 * 1024
const mostDescriptionUnits = 2_000

export function readValue(raw: JsonObject, reading: SchemaReading, depth = 0): ValueSchema {
  const merged = resolve(raw, reading)
  const options = optionsIn(merged, reading)
  const type = typeOf(merged, options)
  const canDescend = depth < maxDepth && reading.left > 0
  return {
    ...(type ? { type } : {}),
    ...strings(merged, 'format', 'title'),
    ...numbers(merged, 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'),
    ...numbers(merged, 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'),
    ...descriptionIn(merged, reading),
    ...defaultIn(merged, reading),
    ...(options ? { enum: options } : {}),
    ...(canDescend && isObject(merged.items)
      ? { items: readValue(merged.items, reading, depth + 1) }
      : {}),
    ...(canDescend && isObject(merged.properties)
      ? { properties: readProperties(merged, merged.properties, reading, depth + 1) }
      : {}),
    ...(typeof merged['x-cog-accept'] === 'string' ? { accept: merged['x-cog-accept'] } : {}),
    nullable: isNullable(merged),
    deprecated: merged.deprecated === true,
    secret: isSecret(merged),
    iterator: merged['x-cog-array-type'] === 'iterator',
    concatenate: merged['x-cog-array-display'] === 'concatenate',
    raw,
  }
}

/** A list of choices that is too long to draw is ignored: the provider validates the value. */
function optionsIn(merged: JsonObject, reading: SchemaReading): readonly Json[] | undefined {
  const options = merged.const === undefined ? merged.enum : [merged.const]
  if (!isList(options) || !takeSteps(reading, options.length)) return undefined
  return options.filter((option) => option !== null)
}

/** A default that is too long to draw is left out: the model uses its own. */
function defaultIn(merged: JsonObject, reading: SchemaReading): { readonly default?: Json } {
  const fallback = merged.default
  if (fallback === undefined || fallback === null) return {}
  const units = jsonLength(fallback, mostDefaultUnits)
  if (units > mostDefaultUnits || !takeSteps(reading, Math.ceil(units / 100))) return {}
  return { default: fallback }
}

function descriptionIn({ description }: JsonObject, reading: SchemaReading) {
  if (typeof description !== 'string') return {}
  const cut = description.length > mostDescriptionUnits
  const shown = cut ? `${beginning(description, mostDescriptionUnits)}…` : description
  return takeSteps(reading, Math.ceil(shown.length / 5)) ? { description: shown } : {}
}

function isNullable(merged: JsonObject): boolean {
  return (
    merged.nullable === true ||
    (isList(merged.type) && merged.type.includes('null')) ||
    alternativesIn(merged).some((one) => one.type === 'null')
  )
}

function readProperties(
  parent: JsonObject,
  properties: JsonObject,
  reading: SchemaReading,
  depth: number,
): Property[] {
  const required = new Set(isList(parent.required) ? parent.required : [])
  const few = Object.entries(properties).slice(0, mostInputs)
  const named = few.filter(([name]) => canBeSent(name))
  const ordered = named.map(([name, value], position) => {
    const raw = isObject(value) ? value : {}
    const order = typeof raw['x-order'] === 'number' ? raw['x-order'] : position
    const schema = readValue(raw, reading, depth)
    return { order, property: { name, required: required.has(name), schema } }
  })
  return ordered.sort((a, b) => a.order - b.order).map(({ property }) => property)
}

function typeOf(merged: JsonObject, options: readonly Json[] | undefined): ValueType | undefined {
  const named = isList(merged.type)
    ? merged.type.filter((type) => type !== 'null')
    : [merged.type].filter((type) => type !== undefined)
  const [only, ...others] = named
  if (others.length > 0) return undefined
  if (only === undefined) return typeOfOptions(options)
  return valueTypes.find((type) => type === only)
}

function typeOfOptions(options: readonly Json[] | undefined): ValueType | undefined {
  if (!options || options.length === 0) return undefined
  if (options.every((option) => typeof option === 'string')) return 'string'
  if (options.every((option) => Number.isInteger(option))) return 'integer'
  return options.every((option) => typeof option === 'number') ? 'number' : undefined
}

type StringKey = 'format' | 'title'
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

const least: Partial<Record<NumberKey, number>> = {
  minLength: 0,
  maxLength: 0,
  minItems: 0,
  maxItems: 0,
  multipleOf: Number.MIN_VALUE,
}

/** A bound that is not a number, or out of range for its keyword, is ignored. */
function numbers(raw: JsonObject, ...keys: NumberKey[]): Partial<Record<NumberKey, number>> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const bound = raw[key]
      const read = typeof bound === 'number' || typeof bound === 'bigint' ? Number(bound) : NaN
      return Number.isFinite(read) && read >= (least[key] ?? -Infinity) ? [[key, read]] : []
    }),
  )
}
