import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { modelAt, textOf, upstreamWith } from '../support/asking.ts'
import {
  modelList,
  type Routes,
  refusing,
  replaying,
  sendJson,
  startUpstream,
  streaming,
} from '../support/upstream.ts'

const list = modelList(['m'], 'vllm')
const answering = streaming(({ text, end }) => {
  text('ready')
  end()
})
const ready: Routes = { 'GET /v1/models': list, 'POST /v1/chat/completions': answering }
const loading: Routes = {
  'GET /v1/models': replaying('llama', 'models-loading'),
  'POST /v1/chat/completions': replaying('llama', 'chat-loading'),
}

describe('a server that loads its model', () => {
  it('keeps a run waiting, and says so', async () => {
    const upstream = await upstreamWith(ready)
    const { run, provider } = await modelAt(upstream, { limits: { patienceMs: 0 } })
    await run({ prompt: 'a' })
    upstream.become(loading)
    const labels: unknown[] = []
    const { prediction } = await run(
      { prompt: 'a' },
      {
        each(occurrence) {
          if (occurrence.type !== 'progressed') return
          labels.push(occurrence.progress.label)
          expect(provider.warmth({ owner: 'a', name: 'model' })).toBe('booting')
          upstream.become(ready)
        },
      },
    )
    expect(labels).toContain('Its server is loading the model')
    expect(prediction.status).toBe('succeeded')
    expect(textOf(prediction.output)).toBe('ready')
  })

  it('may load it within the request, without a byte', async () => {
    const upstream = await upstreamWith({
      ...ready,
      'POST /v1/chat/completions': async (asked, response) => {
        await eventually(() => labels.length > 0)
        await answering(asked, response)
      },
    })
    const labels: unknown[] = []
    const { run } = await modelAt(upstream)
    const { prediction } = await run(
      { prompt: 'a' },
      { each: (one) => void (one.type === 'progressed' && labels.push(one.progress.label)) },
    )
    expect(labels).toEqual(['Waiting for its server to answer'])
    expect(prediction.status).toBe('succeeded')
  })
})

describe('a server that is overloaded', () => {
  const statuses = [429, 503]
  it.each(statuses)('is asked again after %i', async (status) => {
    let tries = 0
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': async (asked, response) => {
        tries++
        if (tries === 3) return void (await answering(asked, response))
        response.setHeader('Retry-After', '0.01')
        sendJson(response, status, { error: { message: 'The queue is full' } })
      },
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(prediction.status).toBe('succeeded')
    expect(tries).toBe(3)
  })

  it('fails a run in the end, with its sentence', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': refusing(503, { error: 'The queue is full' }),
    })
    const { run } = await modelAt(upstream, { limits: { patienceMs: 60 } })
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction).toMatchObject({ status: 'failed', error: 'The queue is full.' })
    expect(upstream.asks('POST /v1/chat/completions').length).toBeGreaterThan(1)
  })

  it('fails it at once when there is no credit left', async () => {
    const error = { message: 'You exceeded your quota', code: 'insufficient_quota' }
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': refusing(429, { error }),
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(prediction.error).toBe('You exceeded your quota.')
    expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
  })
})

describe('a server that is away', () => {
  it('fails a run after a while', async () => {
    const upstream = await startUpstream(ready)
    const { run, provider } = await modelAt(upstream, { limits: { patienceMs: 60 } })
    await run({ prompt: 'a' })
    await upstream.close()
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction.error).toMatch(/cannot be reached: the connection was refused\.$/)
    expect(provider.warmth({ owner: 'a', name: 'model' })).toBe('cold')
    expect((await provider.state()).kind).toBe('trouble')
  })

  it('is known by what it could do, after a restart', async () => {
    const upstream = await startUpstream({
      ...ready,
      'GET /v1/models': modelList(['m'], 'vllm', { max_model_len: 4_096 }),
    })
    const first = await modelAt(upstream)
    const before = await first.provider.find({ owner: 'a', name: 'model' })
    const cache = join(first.folder, 'abilities-1')
    const cached = () => (existsSync(cache) ? readdirSync(cache) : [])
    await eventually(() => cached().some((name) => name.endsWith('.json')))
    await upstream.close()
    await first.provider.close()
    const second = await modelAt(upstream, { folder: first.folder })
    const after = await second.provider.find({ owner: 'a', name: 'model' })
    expect(after?.version.id).toBe(before?.version.id)
    expect(after?.broken).toBeNull()
  })

  it('has a model that cannot run while nothing is known of it', async () => {
    const upstream = await startUpstream(ready)
    await upstream.close()
    const { provider } = await modelAt(upstream)
    const model = await provider.find({ owner: 'a', name: 'model' })
    expect(model?.broken).toContain('cannot be reached')
    expect(model?.undescribed).toBe('away')
  })
})

describe('several servers of one model', () => {
  it('share its load', async () => {
    const holding = streaming(async ({ work, end }) => {
      await work(60_000)
      end()
    })
    const routes = { ...ready, 'POST /v1/chat/completions': holding }
    const upstreams = [await upstreamWith(routes), await upstreamWith(routes)]
    const { run, provider } = await modelAt(upstreams)
    expect((await provider.find({ owner: 'a', name: 'model' }))?.limits.copies).toBe(8)
    const controller = new AbortController()
    const runs = [1, 2, 3, 4].map(() => run({ prompt: 'a' }, { signal: controller.signal }))
    const counts = () => upstreams.map((one) => one.asks('POST /v1/chat/completions').length)
    await eventually(() => counts().every((count) => count === 2))
    controller.abort('canceled')
    await Promise.all(runs)
  })

  it('go on without one that is away', async () => {
    const [gone, there] = [await startUpstream(ready), await upstreamWith(ready)]
    const { run } = await modelAt([gone, there])
    await gone.close()
    for (let times = 0; times < 3; times++)
      expect((await run({ prompt: 'a' })).prediction.status).toBe('succeeded')
    expect(there.asks('POST /v1/chat/completions')).toHaveLength(3)
  })

  it('go on at once without one that takes long to say nothing', async () => {
    const [slow, there] = [await upstreamWith(ready), await upstreamWith(ready)]
    const { run, provider } = await modelAt([slow, there], { limits: { requestMs: 20_000 } })
    await eventually(async () => (await provider.state()).kind === 'works')
    slow.become({ 'GET /v1/models': refusing(502, null) })
    await eventually(async () => (await provider.state()).kind === 'trouble')
    const silent: Routes[string] = () => {}
    slow.become({ 'GET /v1/models': silent })
    for (let times = 0; times < 3; times++)
      expect((await run({ prompt: 'a' })).prediction.status).toBe('succeeded')
    expect(there.asks('POST /v1/chat/completions')).toHaveLength(3)
  })
})

it('is not asked for a model that it does not have any longer', async () => {
  const upstream = await upstreamWith(ready)
  const { run, provider } = await modelAt(upstream, { id: 'm' })
  await run({ prompt: 'a' })
  upstream.become({ ...ready, 'GET /v1/models': modelList(['another'], 'vllm') })
  await eventually(() => provider.warmth({ owner: 'a', name: 'model' }) === 'failed')
  const { prediction } = await run({ prompt: 'a' })
  expect(prediction.error).toContain('does not have m any longer')
  expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
})
