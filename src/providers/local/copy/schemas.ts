import { z } from 'zod'
import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import type { AnyModel } from './define-model.ts'

/** A model's `components.schemas`, as Cog would write them: `x-order`, and iterators marked. */
export function describeSchemas(model: AnyModel): JsonObject {
  const input = jsonSchema(model.input, 'input')
  const output = jsonSchema(model.output, 'output')
  return {
    ...definitionsOf(input),
    ...definitionsOf(output),
    Input: { ...ordered(input), title: 'Input' },
    Output: { ...(yields(model) ? iterator(output) : withoutDefinitions(output)), title: 'Output' },
  }
}

/** Whether its output is an iterator. */
export function yields(model: AnyModel): boolean {
  return /Generator/.test(Object.prototype.toString.call(model.run))
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const written = z.toJSONSchema(schema, {
    io,
    target: 'openapi-3.0',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // In Cog’s schemas, `uri` means a file, which a model declares with `file()`. A `z.url()` is a text.
      if (zodSchema._zod.def.type === 'string' && jsonSchema.format === 'uri')
        delete jsonSchema.format
    },
  })
  const { $schema, ...rest } = written as unknown as JsonObject
  return rewritten(rest) as JsonObject
}

function ordered(schema: JsonObject): JsonObject {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : []
  const inOrder = properties.map(([name, property], order) => [
    name,
    { ...(isObject(property) ? property : {}), 'x-order': order },
  ])
  const { additionalProperties, ...rest } = withoutDefinitions(schema)
  return { ...rest, properties: Object.fromEntries(inOrder) }
}

function iterator(item: JsonObject): JsonObject {
  const isText = item.type === 'string' && item.format === undefined
  return {
    type: 'array',
    items: withoutDefinitions(item),
    'x-cog-array-type': 'iterator',
    ...(isText ? { 'x-cog-array-display': 'concatenate' } : {}),
  }
}

function definitionsOf(schema: JsonObject): JsonObject {
  const found = schema.definitions ?? schema.$defs
  return isObject(found) ? found : {}
}

function withoutDefinitions({ definitions, $defs, ...schema }: JsonObject): JsonObject {
  return schema
}

/** With `$ref`s into an OpenAPI document. */
function rewritten(json: Json): Json {
  if (Array.isArray(json)) return json.map(rewritten)
  if (!isObject(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? value.replace(/^#\/(?:definitions|\$defs)\//, '#/components/schemas/')
        : rewritten(value),
    ]),
  )
}
