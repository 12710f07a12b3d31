import { expect, it } from 'vitest'
import { schemaChanges } from '../../../src/domain/schema/change.ts'
import { schemasWith } from '../../support/domain.ts'

it('says which inputs are new, gone or other, and in what', () => {
  const before = schemasWith(
    {
      prompt: { type: 'string', title: 'Prompt', 'x-order': 0 },
      steps: { type: 'integer', default: 4, maximum: 8, 'x-order': 1 },
      gone: { type: 'string', 'x-order': 2 },
      size: { allOf: [{ $ref: '#/components/schemas/size' }], 'x-order': 3 },
    },
    { required: ['prompt'], size: { enum: ['small', 'large'] }, Output: { type: 'string' } },
  )
  const after = schemasWith(
    {
      fresh: { type: 'boolean', 'x-order': 0 },
      prompt: { type: 'string', title: 'The prompt', 'x-order': 1 },
      steps: { type: 'integer', default: 6, maximum: 50, 'x-order': 2 },
      size: { allOf: [{ $ref: '#/components/schemas/size' }], 'x-order': 3 },
    },
    {
      required: ['steps'],
      size: { enum: ['small', 'large', 'huge'] },
      Output: { type: 'array', items: { type: 'string' } },
    },
  )
  expect(schemaChanges(before, after)).toEqual([
    { name: 'fresh', kind: 'added', parts: [] },
    { name: 'prompt', kind: 'changed', parts: ['required'] },
    { name: 'steps', kind: 'changed', parts: ['required', 'default', 'maximum'] },
    { name: 'size', kind: 'changed', parts: ['enum'] },
    { name: 'gone', kind: 'removed', parts: [] },
    { name: null, kind: 'changed', parts: ['type', 'items'] },
  ])
  expect(schemaChanges(before, before)).toEqual([])
})
