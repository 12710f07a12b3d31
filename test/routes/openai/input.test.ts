import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { textInputs } from '../../../src/domain/model/text-model.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { finishOf, outcomeOf, usageOf } from '../../../src/routes/openai/chat/completion.ts'
import { chatInput } from '../../../src/routes/openai/chat/input.ts'
import { readChatRequest } from '../../../src/routes/openai/chat/request.ts'
import { predictionOf } from '../../support/domain.ts'

const text = { type: 'string' }
const file = { type: 'string', format: 'uri' }
/** The inputs by which a server with OpenAI’s API is described. */
const server = {
  prompt: text,
  images: { type: 'array', items: file, maxItems: 2 },
  system_prompt: text,
  messages: { type: 'array', items: { type: 'object' } },
  max_tokens: { type: 'integer', minimum: 1, maximum: 100 },
  reasoning_effort: { type: 'string', enum: ['low', 'medium', 'high'] },
  stop: { type: 'array', items: text },
  json_schema: { type: 'object' },
}

function inputFor(properties: JsonObject, request: JsonObject, required: readonly string[] = []) {
  const schema = readSchema({ Input: { type: 'object', properties, required }, Output: text })
  const inputs = textInputs(schema)
  const read = readChatRequest({ model: 'a/b', ...request })
  if (!inputs || !read.ok) throw new Error('The model or the request of this test is not valid.')
  const input = chatInput(schema, inputs, read.value)
  return input.ok ? input.value : input.error
}

const user = (content: string) => ({ role: 'user', content })
const rules = { role: 'system', content: 'Be brief.' }
const answer = { role: 'assistant', content: 'hi' }
const picture = (url: string, content: string) => ({
  role: 'user',
  content: [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text: content },
  ],
})

describe('the input of a model that takes messages', () => {
  it('has all of them', () => {
    const messages = [rules, user('hello'), answer, user('and?')]
    expect(inputFor(server, { messages })).toEqual({ messages })
  })

  it('has the last turn as its prompt where that is required', () => {
    const messages = [user('hello'), answer, user('and?')]
    const input = { messages: messages.slice(0, 2), prompt: 'and?' }
    expect(inputFor(server, { messages }, ['prompt'])).toEqual(input)
    expect(inputFor(server, { messages: [user('hello')] }, ['prompt'])).toEqual({ prompt: 'hello' })
  })

  it('has pictures where they were said', () => {
    const messages = [picture('http://a/1.png', 'one'), answer, picture('http://a/2.png', 'two')]
    expect(inputFor(server, { messages })).toEqual({
      messages: [messages[0], answer],
      prompt: 'two',
      images: ['http://a/2.png'],
    })
  })
})

it('has all pictures in one input where messages are texts', () => {
  const members = { role: text, content: text }
  const items = { type: 'object', properties: members }
  const messages = [picture('http://a/1.png', 'one'), answer, picture('http://a/2.png', 'two')]
  const input = { prompt: 'two', images: ['http://a/1.png', 'http://a/2.png'] }
  const texts = { ...server, messages: { type: 'array', items } }
  expect(inputFor(texts, { messages })).toEqual({ ...input, messages: [user('one'), answer] })
  const { messages: _, ...plain } = server
  expect(inputFor({ ...plain, image: file, images: text }, { messages })).toEqual({
    prompt: 'User: one\n\nAssistant: hi\n\nUser: two\n\nAssistant:',
    image: 'http://a/2.png',
  })
})

it.each([
  ['minimal', 'low'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['none', 'low'],
])('asks for the effort %s by the nearest that the model has: %s', (asked, given) => {
  const request = { messages: [user('x')], reasoning_effort: asked }
  expect(inputFor(server, request)).toMatchObject({ reasoning_effort: given })
  const thinking = { prompt: text, thinking: { type: 'boolean' } }
  expect(inputFor(thinking, request)).toEqual({ prompt: 'x', thinking: asked !== 'none' })
})

it('has the schema of an answer in JSON', () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } } }
  const ask = (response_format: JsonObject) =>
    inputFor(server, { messages: [user('x')], response_format })
  expect(ask({ type: 'json_schema', json_schema: { name: 'a', schema } })).toMatchObject({
    json_schema: schema,
  })
  expect(ask({ type: 'json_object' })).toMatchObject({ json_schema: { type: 'object' } })
  expect(ask({ type: 'text' })).not.toHaveProperty('json_schema')
  expect(ask({ type: 'grammar' })).toMatchObject({ code: 'unsupported_parameter' })
})

it('takes a limit below 1 for none', () => {
  const user = { role: 'user', content: 'x' }
  const ask = (limit: JsonObject) => inputFor(server, { messages: [user], ...limit })
  expect(ask({ max_tokens: -1 })).not.toHaveProperty('max_tokens')
  expect(ask({ max_completion_tokens: 0 })).not.toHaveProperty('max_tokens')
  expect(ask({ max_tokens: 500 })).toMatchObject({ max_tokens: 100 })
})

describe('what a run tells', () => {
  it('is how many tokens were used', () => {
    const metrics = { input_token_count: 7, output_token_count: 9, reasoning_token_count: 4 }
    expect(usageOf({ metrics })).toEqual({
      prompt_tokens: 7,
      completion_tokens: 9,
      total_tokens: 16,
      completion_tokens_details: { reasoning_tokens: 4 },
    })
    expect(usageOf({ metrics: {} })).toBeNull()
  })

  it.each([
    [{ error_code: 'context_length_exceeded' }, 'context_length_exceeded', 400],
    [{}, 'prediction_failed', 500],
  ])('is why it failed: %j', (metrics, code, status) => {
    const error = 'It did not work.'
    const outcome = outcomeOf(predictionOf({ status: 'failed', error, metrics }))
    expect(outcome).toEqual({ ok: false, error: { status, detail: error, code, retry: false } })
  })

  it('is whether there was room for more', () => {
    expect(finishOf({ metrics: {} })).toBe('stop')
    expect(finishOf({ metrics: { finish_reason: 'stop' } })).toBe('stop')
    expect(finishOf({ metrics: { finish_reason: 'length' } })).toBe('length')
    expect(finishOf({ metrics: { finish_reason: ['length'] } })).toBe('stop')
  })
})
