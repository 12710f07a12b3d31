import { expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/domain/json/json.ts'
import { modelAt, upstreamWith } from '../support/asking.ts'
import { modelList, type Routes, refusing, replaying, streaming } from '../support/upstream.ts'

async function predictionAt(answer: Routes[string]) {
  const upstream = await upstreamWith({
    'GET /v1/models': modelList(['m'], 'vllm'),
    'POST /v1/chat/completions': answer,
  })
  const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
  return prediction
}

const tooLong = { status: 'failed', metrics: { error_code: 'context_length_exceeded' } }

it('has the figures of a question that is too long', async () => {
  const prediction = await predictionAt(replaying('llama', 'chat-stream-overflow'))
  expect(prediction).toMatchObject(tooLong)
  expect(prediction.error).toMatch(
    /^This is 2,\d{3} tokens, and the model takes 512, with its answer/,
  )
})

it.each<readonly [string, number, JsonObject]>([
  ['a code', 400, { error: { message: 'No.', code: 'context_length_exceeded', type: 'x' } }],
  [
    'a code of its own',
    400,
    { error: { message: 'No.', code: 400, type: 'exceed_context_size_error' } },
  ],
  ['vLLM', 400, { object: 'error', message: "This model's maximum context length is 512 tokens." }],
  [
    'SGLang',
    400,
    { message: "The input (9 tokens) is longer than the model's context length (8)." },
  ],
  [
    'TGI',
    422,
    { error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 512' },
  ],
  ['LiteLLM', 400, { error: { message: 'litellm.ContextWindowExceededError: no', code: '400' } }],
])('knows it by %s', async (_, status, json) => {
  const refused = await predictionAt(refusing(status, json))
  expect(refused).toMatchObject(tooLong)
})

it('knows it in the middle of an answer', async () => {
  const broken = await predictionAt(
    streaming(({ text, event }) => {
      text('A long')
      event({ error: { message: 'Context size has been exceeded.', code: 500 } })
    }),
  )
  expect(broken).toMatchObject({ ...tooLong, output: ['A long'] })
})

it('does not take another refusal for it', async () => {
  const error = { message: 'max_tokens must be at least 1', code: 'invalid_value' }
  const refused = await predictionAt(refusing(400, { error }))
  expect(refused.metrics).not.toHaveProperty('error_code')
})
