import type { JSONObject, Tool } from '@modelcontextprotocol/server'
import { shortened } from '../../../domain/json/excerpt.ts'
import type { Json, JsonObject } from '../../../domain/json/json.ts'
import { jsonLength } from '../../../domain/json/walk.ts'
import type { ModelSchema } from '../../../domain/schema/schema.ts'
import {
  isFileSchema,
  type Property,
  type ValueSchema,
} from '../../../domain/schema/value-schema.ts'
import { plainJson } from '../plain-json.ts'
import { argumentName } from './names.ts'

/** The schema of the arguments of a tool. Clients reject a whole list when one is no object. */
export type ToolSchema = Tool['inputSchema'] & { readonly properties: JSONObject }

/** Every schema is sent with every list, and read by a language model. */
const most = { units: 12_000, inputs: 60, defaultUnits: 200 }

/** How much of a schema is written: the first that is short enough. */
const measures: readonly Measure[] = [
  { levels: 3, descriptionUnits: 500, choices: 100 },
  { levels: 1, descriptionUnits: 200, choices: 40 },
  { levels: 0, descriptionUnits: 60, choices: 10 },
]

interface Measure {
  /** Of lists and objects within each other. */
  readonly levels: number
  readonly descriptionUnits: number
  /** A list of more choices is left out: who sends another value is told them. */
  readonly choices: number
}

const fileHint = 'A file: an http or https URL, or a data: URI.'

const known = new WeakMap<ModelSchema, ToolSchema>()

/**
 * The inputs of a model as the arguments of a tool, without references and keywords of our own. Secrets are
 * left out where the model runs without them: an assistant should not know them.
 */
export function toolSchema(schema: ModelSchema): ToolSchema {
  const made = known.get(schema) ?? newToolSchema(schema)
  known.set(schema, made)
  return made
}

function newToolSchema({ input }: ModelSchema): ToolSchema {
  const required = input.filter((one) => one.required)
  const optional = input.filter((one) => !one.required && !one.schema.secret)
  const asked = [...required, ...optional].slice(0, Math.max(most.inputs, required.length))
  const inOrder = input.filter((one) => asked.includes(one))
  const names = required.map(({ name }) => argumentName(name))
  return {
    type: 'object',
    properties: plainJson(shortest(inOrder)),
    ...(names.length > 0 ? { required: names } : {}),
  }
}

function shortest(asked: readonly Property[]): JsonObject {
  let properties: JsonObject = {}
  for (const measure of measures) {
    properties = members(asked, argumentName, measure)
    if (jsonLength(properties, most.units) <= most.units) break
  }
  return properties
}

/** The input of a model from the arguments of a tool. */
export function inputOf({ input }: ModelSchema, given: JsonObject): JsonObject {
  const names = new Map(input.map(({ name }) => [argumentName(name), name]))
  const named = Object.entries(given).map(([key, value]) => [names.get(key) ?? key, value] as const)
  return Object.fromEntries(named)
}

function members(
  properties: readonly Property[],
  nameOf: (name: string) => string,
  measure: Measure,
): JsonObject {
  const entries = properties.map(({ name, schema }) => [nameOf(name), written(schema, measure)])
  return Object.fromEntries(entries)
}

const bounds = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
] as const

function written(schema: ValueSchema, measure: Measure): JsonObject {
  const { levels, descriptionUnits } = measure
  const { type, enum: choices, items, properties } = schema
  const isFile = isFileSchema(schema)
  const described = [schema.description ?? schema.title ?? '', isFile ? fileHint : '']
  const description = shortened(described.filter(Boolean).join(' '), descriptionUnits)
  const within = { ...measure, levels: levels - 1 }
  const bound = isFile ? [] : bounds.flatMap((name) => boundOf(schema, name))
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === '' ? {} : { description: description.toWellFormed() }),
    ...(choices && choices.length <= measure.choices ? { enum: choices } : {}),
    ...Object.fromEntries(bound),
    ...(items && levels > 0 ? { items: written(items, within) } : {}),
    ...(properties && properties.length > 0 && levels > 0
      ? {
          properties: members(properties, (name) => name, within),
          ...requiredOf(properties),
        }
      : {}),
    ...defaultOf(schema),
  }
}

function boundOf(
  schema: ValueSchema,
  name: (typeof bounds)[number],
): readonly (readonly [string, Json])[] {
  const bound = schema[name]
  return bound === undefined ? [] : [[name, bound]]
}

function requiredOf(properties: readonly Property[]): JsonObject {
  const required = properties.filter((one) => one.required).map(({ name }) => name)
  return required.length > 0 ? { required } : {}
}

function defaultOf({ default: value, secret }: ValueSchema): JsonObject {
  if (value === undefined || value === null || typeof value === 'bigint' || secret) return {}
  if (jsonLength(value, most.defaultUnits) > most.defaultUnits) return {}
  return { default: value }
}
