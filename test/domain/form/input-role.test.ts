import { expect, it } from 'vitest'
import { isMask } from '../../../src/domain/form/input-role.ts'
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
