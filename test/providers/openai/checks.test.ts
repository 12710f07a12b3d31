import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { modelAt, providerOver, upstreamWith } from './support/asking.ts'
import { plainLlama } from './support/kept-stream.ts'
import { modelList, type Routes, replaying, sendJson } from './support/upstream.ts'

const ref = { owner: 'a', name: 'model' }

it('asks a server that has not changed for nothing but its list of models', async () => {
  const upstream = await upstreamWith(plainLlama)
  const { provider } = await modelAt(upstream, { limits: { checkEveryMs: 5 } })
  await provider.find(ref)
  await eventually(() => upstream.asks('GET /v1/models').length > 5)
  for (const what of ['GET /props', 'POST /v1/embeddings', 'POST /v1/rerank'])
    expect(upstream.asks(what), what).toHaveLength(1)
})

it('asks Ollama once for each model, and sees when one is loaded', async () => {
  const routes: Routes = {
    'GET /': (_asked, response) => void response.end('Ollama is running'),
    'GET /api/version': { version: '0.12.3' },
    'GET /v1/models': { data: null },
    'GET /api/tags': { models: [{ name: 'm', digest: 'abc' }] },
    'POST /api/show': { capabilities: ['completion'] },
    'GET /api/ps': { models: [] },
  }
  const upstream = await upstreamWith(routes)
  const { provider } = await providerOver({
    models: [['a/model', `${upstream.url}#m`]],
    limits: { checkEveryMs: 5 },
  })
  await provider.find(ref)
  expect(provider.warmth(ref)).toBe('cold')
  expect(provider.health(ref).note).toBe('Its server loads it for the next run.')
  upstream.become({ ...routes, 'GET /api/ps': { models: [{ name: 'm' }] } })
  await eventually(() => provider.warmth(ref) === 'warm')
  expect(upstream.asks('POST /api/show')).toHaveLength(1)
})

it('takes over what a model can do now, as a new version', async () => {
  const models = (context: number) => modelList(['m'], 'vllm', { max_model_len: context })
  const upstream = await upstreamWith({ 'GET /v1/models': models(1_024) })
  const { provider } = await modelAt(upstream)
  const before = await provider.find(ref)
  expect((await provider.find(ref))?.version).toBe(before?.version)
  upstream.become({ 'GET /v1/models': models(2_048) })
  await eventually(async () => (await provider.find(ref))?.version.id !== before?.version.id)
})

it('is looked at again at once with another key, and keeps its address when it refuses it', async () => {
  const keys: Record<string, string> = {}
  const list = modelList(['m'], 'someone')
  const upstream = await upstreamWith({
    'GET /v1/models': ({ headers }, response) =>
      headers.authorization === 'Bearer right'
        ? sendJson(response, 200, list)
        : sendJson(response, 401, { error: { message: 'No' } }),
  })
  keys[upstream.url] = 'right'
  const limits = { checkEveryMs: 60_000, checkHostedEveryMs: 60_000, listWaitMs: 5_000 }
  const { provider } = await modelAt(upstream, { keys, limits })
  const state = async () => ((await provider.upstreams?.()) ?? [])[0]
  await eventually(async () => (await state())?.kind === 'works')
  keys[upstream.url] = 'wrong'
  const refused = await state()
  expect(refused?.sentence).toContain('refuses its API key')
  expect(refused?.address).toBe(`${upstream.url}/v1`)
  keys[upstream.url] = 'right'
  expect((await state())?.kind).toBe('works')
})

it('says of each server how it is', async () => {
  const upstream = await upstreamWith({ 'GET /v1/models': modelList(['m'], 'vllm') })
  const { provider } = await modelAt(upstream)
  await provider.find(ref)
  const [state] = (await provider.upstreams?.()) ?? []
  expect(state).toEqual({
    kind: 'works',
    sentence: 'It answers, with 1 model.',
    address: `${upstream.url}/v1`,
    title: 'vLLM server',
    models: [ref],
    takesKey: true,
  })
  upstream.become({ 'GET /v1/models': replaying('llama', 'key-models-none') })
  await eventually(() => provider.warmth(ref) === 'failed')
  expect(provider.health(ref).note).toContain('wants an API key')
  expect((await provider.state()).sentence).toMatch(/^0 of 1 server answering\. The server at/)
})
