import { expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../../src/domain/json/json.ts'
import { endSentence, lacksAnswer } from '../../../../src/domain/model/chat/end-sentence.ts'
import { newPrediction, type Prediction } from '../../../../src/domain/prediction/prediction.ts'
import { readSchema } from '../../../../src/domain/schema/schema.ts'

const text = { type: 'string' }
const schema = readSchema({
  Input: { type: 'object', properties: { prompt: text, max_tokens: { type: 'integer' } } },
  Output: { type: 'array', items: text, 'x-cog-array-display': 'concatenate' },
})

function settled(output: Json, metrics: JsonObject, input: JsonObject = {}): Prediction {
  const made = newPrediction({
    ...{ id: 'a', model: { owner: 'a', name: 'model' }, version: 'v', provider: 'openai' },
    ...{ input, createdAt: 0, source: 'web', createdBy: 'b' },
  })
  return { ...made, status: 'succeeded', output, metrics }
}

const endOf = (output: Json, metrics: JsonObject, input?: JsonObject) =>
  endSentence(settled(output, metrics, input), schema)

it('says nothing of an answer that its model ended, or of which nothing is known', () => {
  expect(endOf(['Yes'], { finish_reason: 'stop' })).toBeNull()
  expect(endOf(['Yes'], {})).toBeNull()
  expect(endOf(null, {})).toBeNull()
})

it('names the limit that an answer ended at', () => {
  const length = { finish_reason: 'length', output_token_count: 64 }
  expect(endOf(['Yes'], length, { max_tokens: 64 })).toBe(
    'Stopped at the limit of 64 tokens in max_tokens.',
  )
  expect(endOf(['Yes'], length)).toBe('Stopped at the limit of 64 tokens.')
  expect(endOf(['Yes'], { finish_reason: 'length' })).toBe('Stopped at the limit of its server.')
  const full = { ...length, input_token_count: 4032, context_token_limit: 4096 }
  expect(endOf(['Yes'], full, { max_tokens: 1000 })).toBe(
    'Stopped at the end of its context of 4,096 tokens.',
  )
})

it('says that there is no answer, and what there was instead', () => {
  const stop = { finish_reason: 'stop' }
  expect(endOf(null, stop)).toBe('The model ended without an answer.')
  expect(endOf([' \n'], stop)).toBe('The model ended without an answer.')
  expect(endOf(null, { ...stop, reasoning_time: 2 })).toBe('No answer: the model only reasoned.')
  const length = { finish_reason: 'length', reasoning_time: 2 }
  expect(endOf([], length, { max_tokens: 1 })).toBe(
    'No answer: its reasoning stopped at the limit of 1 token in max_tokens.',
  )
  expect(lacksAnswer(settled([], stop), schema)).toBe(true)
  expect(lacksAnswer(settled(['Yes'], stop), schema)).toBe(false)
  expect(lacksAnswer({ ...settled([], stop), status: 'failed' }, schema)).toBe(false)
})
