import { expect, it } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { eventually } from '../support/eventually.ts'
import { foundAt, modelAt, providerOver, upstreamWith } from './support/asking.ts'
import { modelList, type Routes, replaying, streaming } from './support/upstream.ts'

const ref = { owner: 'a', name: 'model' }

/** The state of each model on the page, with its sentence. */
async function statesOf(routes: Routes) {
  const { url } = await upstreamWith(routes)
  const { provider } = await providerOver({})
  const { models } = await foundAt(provider, url)
  return models.map(({ id, warmth, health }) => [id, warmth, health.note])
}

const loads = 'Its server loads it for the next run.'
const failed = expect.stringContaining('could not load it the last time')
const router = { 'GET /props': replaying('llama', 'router-props') }

it('of a router of llama.cpp are those of each of its models', async () => {
  const failing = { ...router, 'GET /v1/models': replaying('llama', 'router-models-failed') }
  expect(await statesOf(failing)).toEqual([
    ['broken', 'failed', failed],
    ['think', 'cold', loads],
    ['tiny', 'cold', loads],
  ])
  const loading = { ...router, 'GET /v1/models': replaying('llama', 'router-models-loading') }
  expect(await statesOf(loading)).toContainEqual(['think', 'booting', 'Its server is loading it.'])
  const status = { value: 'sleeping' }
  const asleep = { ...router, 'GET /v1/models': modelList(['a'], 'llamacpp', { status }) }
  const sentence = 'It sleeps, and its server wakes it up for the next run.'
  expect(await statesOf(asleep)).toEqual([['a', 'cold', sentence]])
})

it('of LM Studio are told in its older API', async () => {
  const rows = ['loaded', 'not-loaded', 'loading'].map((state) => ({ id: state, state }))
  const routes = {
    'GET /v1/models': modelList(['loaded'], 'organization_owner'),
    'GET /api/v0/models': { data: rows },
  }
  expect(await statesOf(routes)).toEqual([
    ['loaded', 'warm', null],
    ['not-loaded', 'cold', loads],
    ['loading', 'booting', 'Its server is loading it.'],
  ])
})

it('change on the page of a model when a router fails to load it', async () => {
  const models = (status: JsonObject) => modelList(['m'], 'llamacpp', { status })
  const routes = { ...router, 'GET /v1/models': models({ value: 'unloaded' }) }
  const upstream = await upstreamWith(routes)
  const { provider } = await modelAt(upstream)
  await eventually(() => provider.health(ref).note === loads)
  upstream.become({ ...routes, 'GET /v1/models': models({ value: 'unloaded', failed: true }) })
  await eventually(() => provider.warmth(ref) === 'failed')
  expect(provider.health(ref).note).toEqual(failed)
  const [state] = (await provider.upstreams?.()) ?? []
  expect(state?.sentence).toBe('It answers, with 1 model; 1 that it could not load.')
})

const vllm = (isAsleep: boolean): Routes => ({
  'GET /v1/models': modelList(['m'], 'vllm'),
  'GET /openapi.json': { paths: { '/v1/chat/completions': {}, '/is_sleeping': {} } },
  'GET /is_sleeping': { is_sleeping: isAsleep },
  'POST /v1/chat/completions': streaming(({ text, end }) => {
    text('Hello')
    end()
  }),
})

it('of vLLM may be asleep: nothing is sent to it before it is woken up', async () => {
  const upstream = await upstreamWith(vllm(true))
  const { provider, run } = await modelAt(upstream)
  await eventually(() => provider.warmth(ref) === 'failed')
  expect(provider.health(ref).note).toContain('POST /wake_up')
  expect((await run({ prompt: 'a' })).prediction.error).toContain('POST /wake_up')
  expect(upstream.asks('POST /v1/chat/completions')).toEqual([])
  upstream.become(vllm(false))
  expect((await run({ prompt: 'a' })).prediction.status).toBe('succeeded')
  await eventually(() => provider.warmth(ref) === 'warm')
  expect(upstream.asks('GET /openapi.json')).toHaveLength(1)
})

it('of vLLM are not asked for where it cannot sleep', async () => {
  const paths = { '/v1/chat/completions': {} }
  const upstream = await upstreamWith({ ...vllm(false), 'GET /openapi.json': { paths } })
  const { provider } = await modelAt(upstream, { limits: { checkEveryMs: 5 } })
  await provider.find(ref)
  await eventually(() => upstream.asks('GET /v1/models').length > 5)
  expect(upstream.asks('GET /is_sleeping')).toEqual([])
  expect(upstream.asks('GET /openapi.json')).toHaveLength(1)
})
