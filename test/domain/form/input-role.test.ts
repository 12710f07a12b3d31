import { expect, it } from 'vitest'
import { isMask, isTuning, mayBeMain } from '../../../src/domain/form/input-role.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { schemasWith } from '../../support/domain.ts'

const file: JsonObject = { type: 'string', format: 'uri' }

it.each<[boolean, string, JsonObject]>([
  [true, 'mask', file],
  [true, 'mask_image', file],
  [true, 'inpaintMask', file],
  [false, 'image', file],
  [false, 'masked_image', file],
  [false, 'unmask', file],
  [false, 'mask_prompt', { type: 'string' }],
  [false, 'mask', { type: 'boolean' }],
])('says %s to whether %s is a mask: %j', (expected, name, schema) => {
  const [property] = readSchema(schemasWith({ [name]: schema })).input
  expect(property && isMask(property)).toBe(expected)
})

it.each<[boolean, string, JsonObject]>([
  [true, 'min_p', { type: 'number' }],
  [true, 'stop', { type: 'array', items: { type: 'string' } }],
  [true, 'json_schema', { type: 'object' }],
  [false, 'messages', { type: 'string' }],
  [false, 'prompt', { type: 'string' }],
])('says %s to whether %s only tunes: %j', (expected, name, schema) => {
  const [property] = readSchema(schemasWith({ [name]: schema })).input
  expect(property && isTuning(property) && !mayBeMain(property)).toBe(expected)
})
