import { expect, it, onTestFinished } from 'vitest'
import { openAiOver } from '../../providers/openai/support/provider.ts'
import { type Routes, replaying, startUpstream } from '../../providers/openai/support/upstream.ts'
import { startOpenAi } from './support.ts'

/** The client of a Sandpit in front of a llama.cpp server as it was recorded. */
async function clientOf(routes: Routes) {
  const upstream = await startUpstream({
    'GET /v1/models': replaying('llama', 'models'),
    'GET /props': replaying('llama', 'props'),
    'POST /v1/embeddings': replaying('llama', 'embeddings-not-enabled'),
    'POST /v1/rerank': replaying('llama', 'rerank-not-enabled'),
    ...routes,
  })
  const { provider, close } = openAiOver({ models: [['team/qwen', `${upstream.url}/v1`]] })
  const sandpit = await startOpenAi({ providers: () => [provider] })
  onTestFinished(async () => {
    await sandpit.close()
    await close()
    await upstream.close()
  })
  return { ...sandpit, upstream }
}

const messages = [{ role: 'user' as const, content: 'hello' }]
const asked = 'POST /v1/chat/completions'

it('passes on an answer, why it ended, and the tokens it took', async () => {
  const { client, runner, upstream } = await clientOf({
    [asked]: replaying('llama', 'chat-stream-usage'),
  })
  const { data: stream, request_id } = await client.chat.completions
    .create({
      model: 'team/qwen',
      messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 12,
    })
    .withResponse()
  let text = ''
  let usage: unknown
  let reason: unknown
  for await (const chunk of stream) {
    const [choice] = chunk.choices
    text += choice?.delta.content ?? ''
    usage = chunk.usage ?? usage
    reason = choice?.finish_reason ?? reason
  }
  const { output, metrics } = (await runner.find(request_id ?? '')) ?? {}
  expect(text).not.toBe('')
  expect(text).toBe(Array.isArray(output) ? output.join('') : null)
  expect(reason).toBe('length')
  const { input_token_count: read, output_token_count: made } = metrics ?? {}
  expect(usage).toMatchObject({ prompt_tokens: read, completion_tokens: made })
  expect(upstream.asks(asked)).toHaveLength(1)
  expect(upstream.asks(asked)[0]?.body).toMatchObject({ messages, max_tokens: 12 })
})

it('keeps reasoning apart from the answer', async () => {
  const { client, runner } = await clientOf({
    [asked]: replaying('llama', 'chat-stream-reasoning'),
  })
  const { data, request_id } = await client.chat.completions
    .create({ model: 'team/qwen', messages })
    .withResponse()
  expect(data.choices[0]?.message.content).toBe('')
  expect(data.usage).toMatchObject({ completion_tokens: 8, prompt_tokens: 41 })
  expect((await runner.find(request_id ?? ''))?.logs).not.toBe('')
})

it('has the figures of a conversation that is too long', async () => {
  const { client, upstream } = await clientOf({
    [asked]: replaying('llama', 'chat-stream-overflow'),
  })
  const create = client.chat.completions.create({ model: 'team/qwen', messages, stream: true })
  await expect(create).rejects.toThrow(/tokens, and the model takes 512/)
  expect(upstream.asks(asked)).toHaveLength(1)
})

it('passes on embeddings', async () => {
  const { client } = await clientOf({
    'GET /v1/models': replaying('llama', 'embeddings-models'),
    'POST /v1/embeddings': replaying('llama', 'embeddings-two'),
  })
  const { data } = await client.embeddings.create({ model: 'team/qwen', input: ['a', 'b'] })
  expect(data).toHaveLength(2)
  // The recordings are cut.
  expect(data[0]?.embedding.length).toBe(8)
})
