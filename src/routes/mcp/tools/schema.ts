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
const most = { descriptionUnits: 500, choices: 200, defaultUnits: 500, levels: 4 }

const fileHint = 'A file: an http or https URL, or a data: URI.'

/**
 * The inputs of a model as the arguments of a tool, without references and keywords of our own. Secrets are
 * left out where the model runs without them: an assistant should not know them.
 */
export function toolSchema({ input }: ModelSchema): ToolSchema {
  const asked = input.filter(({ required, schema }) => required || !schema.secret)
  const required = asked.filter((one) => one.required).map(({ name }) => argumentName(name))
  return {
    type: 'object',
    properties: plainJson(members(asked, argumentName, most.levels)),
    ...(required.length > 0 ? { required } : {}),
  }
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
  levels: number,
): JsonObject {
  const entries = properties.map(({ name, schema }) => [nameOf(name), written(schema, levels)])
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

function written(schema: ValueSchema, levels: number): JsonObject {
  const { type, enum: choices, items, properties } = schema
  const isFile = isFileSchema(schema)
  const described = [schema.description ?? schema.title ?? '', isFile ? fileHint : '']
  const description = shortened(described.filter(Boolean).join(' '), most.descriptionUnits)
  const bound = isFile ? [] : bounds.flatMap((name) => boundOf(schema, name))
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === '' ? {} : { description: description.toWellFormed() }),
    ...(choices && choices.length <= most.choices ? { enum: choices } : {}),
    ...Object.fromEntries(bound),
    ...(items && levels > 0 ? { items: written(items, levels - 1) } : {}),
    ...(properties && properties.length > 0 && levels > 0
      ? {
          properties: members(properties, (name) => name, levels - 1),
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
