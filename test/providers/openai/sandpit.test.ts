import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { allProviders } from '../../support/all-providers.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'
import { textOf, upstreamWith } from './support/asking.ts'
import { keptStream } from './support/kept-stream.ts'
import { modelList, type Routes, sendJson, streaming } from './support/upstream.ts'

const password = { SANDPIT_AUTH: 'basic:olga:a password' }
const headers = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }

async function open(environment: Readonly<Record<string, string>> = {}, data?: string) {
  const sandpit = await createTestApp({
    ...(data === undefined ? {} : { data }),
    environment: { ...password, ...environment },
    providers: allProviders,
  })
  let closed = false
  const close = async () => {
    if (!closed) await sandpit.close()
    closed = true
  }
  onTestFinished(close)
  return { ...sandpit, close }
}

async function post(sandpit: TestApp, path: string, values: Record<string, string | string[]>) {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    for (const one of [value].flat()) body.append(name, one)
  const answer = await createVisitor(sandpit).request(path, { method: 'POST', body, headers })
  return { status: answer.status, html: await answer.text() }
}

async function start({ runner }: TestApp, name: string, input: Record<string, string>) {
  const [owner = '', model = ''] = name.split('/')
  const found = await runner.findModel({ owner, name: model })
  if (!found) throw new Error(`There is no ${name}`)
  const started = await runner.start({
    model: found,
    input,
    files: [],
    createdBy: 'a test',
    source: 'api',
    formKey: null,
  })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

const answering = streaming(({ text, end }) => {
  text('Good morning')
  end()
})
const serving: Routes = {
  'GET /v1/models': modelList(['a', 'b'], 'vllm'),
  'POST /v1/chat/completions': answering,
}

describe('an address on the page of new models', () => {
  it('is looked at, its models are chosen and named, and run', async () => {
    const upstream = await upstreamWith(serving)
    const sandpit = await open()
    const looked = await post(sandpit, '/models/new', { where: `${upstream.url}/v1` })
    expect(looked.status).toBe(200)
    expect(looked.html).toContain('vLLM server')
    const saved = await post(sandpit, '/models', {
      where: upstream.url,
      take: ['a', 'b'],
      'name-a': 'ann/first',
      'name-b': 'ann/second',
    })
    expect(saved.status).toBe(303)
    const id = await start(sandpit, 'ann/second', { prompt: 'Hello' })
    const settled = await sandpit.runner.settledWithin(id, 60_000)
    expect(settled).toMatchObject({ status: 'succeeded' })
    expect(textOf(settled?.output ?? null)).toBe('Good morning')
    expect(upstream.asks('POST /v1/chat/completions')[0]?.body.model).toBe('b')
  })

  it('keeps its key encrypted, and sends it with runs', async () => {
    const needsKey: Routes[string] = (asked, response) =>
      asked.headers.authorization === 'Bearer sk-1'
        ? sendJson(response, 200, modelList(['a'], 'vllm'))
        : sendJson(response, 401, { error: 'Unauthorized' })
    const upstream = await upstreamWith({ ...serving, 'GET /v1/models': needsKey })
    const sandpit = await open()
    const without = await post(sandpit, '/models/new', { where: upstream.url })
    expect(without.html).toContain('wants an API key')
    const given = { where: upstream.url, key: 'sk-1', name: 'ann/first' }
    expect((await post(sandpit, '/models', given)).status).toBe(303)
    const id = await start(sandpit, 'ann/first', { prompt: 'Hello' })
    expect((await sandpit.runner.settledWithin(id, 60_000))?.status).toBe('succeeded')
    expect(upstream.asked.at(-1)?.headers.authorization).toBe('Bearer sk-1')
    expect(JSON.stringify(sandpit.records.all())).not.toContain('sk-1')
  })

  it('adds to a model that takes the same, and asks before it replaces another', async () => {
    const first = await upstreamWith(serving)
    const second = await upstreamWith(serving)
    const other = await upstreamWith({ 'GET /v1/models': modelList(['bge-m3'], 'vllm') })
    const sandpit = await open()
    const save = (where: string, values: Record<string, string> = {}) =>
      post(sandpit, '/models', { where, take: 'a', 'name-a': 'ann/x', name: 'ann/x', ...values })
    expect((await save(first.url)).status).toBe(303)
    expect((await save(second.url)).status).toBe(303)
    const [record] = sandpit.records.all()
    expect(record?.source?.places).toEqual([
      { base: first.url, model: 'a' },
      { base: second.url, model: 'a' },
    ])
    expect((await save(other.url)).status).toBe(409)
    expect((await save(other.url, { replace: 'ann/x' })).status).toBe(303)
    const model = await sandpit.runner.findModel({ owner: 'ann', name: 'x' })
    expect(model?.version.schema.input.map(({ name }) => name)).toEqual(['input', 'dimensions'])
  })
})

it('is named by the API', async () => {
  const upstream = await upstreamWith(serving)
  const sandpit = await open({ SANDPIT_API_TOKENS: 'token' })
  const send = (path: string, json: JsonObject) =>
    createVisitor(sandpit).request(path, {
      method: 'POST',
      headers: { Authorization: 'Bearer token', 'Content-Type': 'application/json' },
      body: JSON.stringify(json),
    })
  await send('/v1/models', { owner: 'ann', name: 'new', visibility: 'public', hardware: 'cpu' })
  const ask = (openai_url: string) => send('/v1/models/ann/new/versions', { openai_url })
  expect((await ask(`${upstream.url}#b`)).status).toBe(201)
  expect(sandpit.records.all()[0]?.source?.places).toEqual([{ base: upstream.url, model: 'b' }])
  expect((await ask(`${upstream.url}#c`)).status).toBe(422)
  expect((await ask('a text')).status).toBe(422)
})

describe('models of the configuration', () => {
  it('run at their servers, with their keys', async () => {
    const upstream = await upstreamWith(serving)
    const sandpit = await open({
      OPENAI_MODELS: `ann/x=${upstream.url}/v1#b`,
      OPENAI_KEYS: `${upstream.url}/v1=sk-2`,
    })
    const id = await start(sandpit, 'ann/x', { prompt: 'Hello' })
    expect((await sandpit.runner.settledWithin(id, 60_000))?.status).toBe('succeeded')
    expect(upstream.asked.every((one) => one.headers.authorization === 'Bearer sk-2')).toBe(true)
    await sandpit.upstreamKeys.save(`${upstream.url}/v1`, 'sk-3', 'olga')
    const next = await start(sandpit, 'ann/x', { prompt: 'Hello' })
    await sandpit.runner.settledWithin(next, 60_000)
    expect(upstream.asked.at(-1)?.headers.authorization).toBe('Bearer sk-3')
  })
})

it('goes on with a stream of llama.cpp after a restart', async () => {
  const kept = keptStream(60, 10)
  const upstream = await upstreamWith(kept.routes)
  const data = mkdtempSync(join(tmpdir(), 'sandpit-openai-'))
  const environment = { OPENAI_MODELS: `ann/x=${upstream.url}` }
  const first = await open(environment, data)
  const id = await start(first, 'ann/x', { prompt: 'Hello' })
  const has5 = (one: Prediction | null) => textOf(one?.output ?? null).includes('5 ')
  await first.runner.until(id, has5, 10_000)
  await first.close()
  const second = await open(environment, data)
  await second.runner.recover()
  const settled = await second.runner.settledWithin(id, 60_000)
  expect(settled).toMatchObject({ status: 'succeeded', attempt: 1 })
  expect(textOf(settled?.output ?? null)).toBe(kept.whole)
  expect(settled?.logs).toBe('thought 1 \nthought 2 \n')
  expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
})
