import { afterAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { makesEmbeddings, takesConversation } from '../../../src/domain/model/text-model.ts'
import { modelName } from '../../../src/domain/model-ref.ts'
import { foundAt, providerOver, upstreamWith } from './support/asking.ts'
import { openAiOver } from './support/provider.ts'
import { modelList, type Routes, refusing, replaying, startUpstream } from './support/upstream.ts'

const { provider, close } = openAiOver({})
afterAll(close)

async function found(routes: Routes, path = '') {
  const upstream = await upstreamWith(routes)
  const own = await foundAt(provider, `${upstream.url}${path}`)
  return { ...own, base: upstream.url, upstream }
}

const plainText =
  (text: string): Routes[string] =>
  (_asked, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' })
    response.end(text)
  }

function inputsOf({ models: [first] }: Awaited<ReturnType<typeof found>>): readonly string[] {
  return first?.model.version.schema.input.map(({ name }) => name) ?? []
}

const llama: Routes = {
  'GET /v1/models': replaying('llama', 'models'),
  'GET /props': replaying('llama', 'props'),
  'POST /v1/embeddings': replaying('llama', 'embeddings-not-enabled'),
  'POST /v1/rerank': replaying('llama', 'rerank-not-enabled'),
}

describe('llama.cpp', () => {
  it('is found, with the tokens of a slot and the defaults of its sampling', async () => {
    const upstream = await found(llama)
    expect(upstream).toMatchObject({
      title: 'llama.cpp server',
      address: `${upstream.base}/v1`,
      facts: ['speaks OpenAI’s API', '2 at once', 'needs no key'],
      takesKey: true,
    })
    const [model] = upstream.models
    expect(model).toMatchObject({ id: '/srv/models/tiny.gguf', can: 'chat; 512 tokens' })
    expect(model?.model.ref).toEqual({ owner: 'llama', name: 'tiny' })
    expect(model?.isChosen).toBe(true)
    const schema = model?.model.version.schema
    expect(schema && takesConversation(schema)).toBe(true)
    const defaults = schema?.input.map(({ name, schema: own }) => [name, own.default])
    expect(Object.fromEntries(defaults ?? [])).toMatchObject({ temperature: 0.8, top_k: 40 })
    expect(schema?.input.find(({ name }) => name === 'max_tokens')?.schema.maximum).toBe(512)
    expect(inputsOf(upstream)).not.toContain('images')
  })

  it('is the same version however often it is looked at', async () => {
    const upstream = await found(llama)
    const again = await foundAt(provider, `${upstream.base}/v1/chat/completions`)
    expect(again.models[0]?.model.version.id).toBe(upstream.models[0]?.model.version.id)
  })

  it('is tried for embeddings, which it does not tell', async () => {
    const upstream = await found({
      ...llama,
      'GET /v1/models': replaying('llama', 'embeddings-models'),
      'POST /v1/embeddings': replaying('llama', 'embeddings-one'),
    })
    const [model] = upstream.models
    expect(model?.can).toContain('embeddings')
    expect(model && makesEmbeddings(model.model.version.schema)).toBe(true)
  })

  it('lists the models of a router, and loads none', async () => {
    const upstream = await found({
      'GET /v1/models': replaying('llama', 'router-models-loaded'),
      'GET /props': replaying('llama', 'router-props'),
    })
    expect(upstream.models.map(({ id, warmth }) => [id, warmth])).toEqual([
      ['broken', 'cold'],
      ['think', 'warm'],
      ['tiny', 'cold'],
    ])
    expect(JSON.stringify(upstream.models)).not.toContain('/srv/router')
    expect(upstream.upstream.asked.every(({ what }) => what.startsWith('GET'))).toBe(true)
  })

  it('says that it is loading, or wants a key', async () => {
    const loading = await upstreamWith({ 'GET /v1/models': replaying('llama', 'models-loading') })
    expect(await provider.probe({ text: loading.url })).toEqual({
      kind: 'refused',
      sentence: `The server at ${loading.url} is still loading its model. Look again in a moment.`,
    })
    const locked = await upstreamWith({ 'GET /v1/models': replaying('llama', 'key-models-none') })
    expect(await provider.probe({ text: locked.url })).toMatchObject({
      kind: 'refused',
      asks: 'key',
      sentence: expect.stringContaining('wants an API key'),
    })
    expect(await provider.probe({ text: locked.url, key: 'wrong' })).toMatchObject({
      asks: 'key',
      sentence: expect.stringContaining('refuses its API key'),
    })
  })
})

const ollama: Routes = {
  'GET /': plainText('Ollama is running'),
  'GET /api/version': { version: '0.12.3' },
  'GET /v1/models': { object: 'list', data: null },
  'GET /api/ps': { models: [{ name: 'qwen3:8b', context_length: 4096 }] },
}
const shown: Readonly<Record<string, JsonObject>> = {
  'qwen3:8b': {
    capabilities: ['completion', 'tools', 'thinking'],
    model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
  },
  'gemma3:4b': {
    capabilities: ['completion', 'vision'],
    model_info: { 'gemma3.context_length': 131_072 },
  },
  'nomic-embed-text:latest': { capabilities: ['embedding'] },
}

describe('Ollama', () => {
  it('is asked for each model by its own API', async () => {
    const upstream = await found({
      ...ollama,
      'GET /api/tags': { models: Object.keys(shown).map((name) => ({ name, model: name })) },
      'POST /api/show': ({ body }, response) =>
        refusing(200, shown[String(body.model)] ?? {})(
          { what: '', url: '', headers: {}, raw: Buffer.alloc(0), body },
          response,
        ),
    })
    expect(upstream).toMatchObject({ title: 'Ollama', address: upstream.base })
    expect(
      upstream.models.map(({ id, can, warmth, model }) => [id, can, warmth, modelName(model.ref)]),
    ).toEqual([
      ['qwen3:8b', 'chat, reasons; 40,960 tokens', 'warm', 'ollama/qwen3-8b'],
      ['gemma3:4b', 'chat, sees pictures; 131,072 tokens', 'cold', 'ollama/gemma3-4b'],
      ['nomic-embed-text:latest', 'embeddings', 'cold', 'ollama/nomic-embed-text'],
    ])
    expect(inputsOf(upstream)).toEqual(expect.arrayContaining(['thinking', 'num_ctx', 'top_k']))
  })

  it('tells all at once in recent versions, and which models run elsewhere', async () => {
    const row = { name: 'big:cloud', capabilities: ['completion'], details: {}, remote_host: 'x' }
    const upstream = await found({ ...ollama, 'GET /api/tags': { models: [row] } })
    expect(upstream.models[0]?.can).toBe('chat; runs elsewhere')
    expect(upstream.upstream.asks('POST /api/show')).toEqual([])
  })

  it('says that it has no models yet', async () => {
    const { url } = await upstreamWith({ ...ollama, 'GET /api/tags': { models: null } })
    const sentence = `There are no models yet at ${url} (Ollama). Load or pull one there, then check again.`
    expect(await provider.probe({ text: url })).toEqual({ kind: 'refused', sentence })
  })

  it('refuses the name of its host without a word, which is explained', async () => {
    const silent: Routes[string] = (_asked, response) => void response.writeHead(403).end()
    const { url } = await upstreamWith({ 'GET /v1/models': silent, 'GET /api/version': silent })
    expect(await provider.probe({ text: url })).toMatchObject({
      kind: 'refused',
      sentence: expect.stringContaining('OLLAMA_HOST=0.0.0.0'),
    })
  })
})

describe('other servers', () => {
  it('vLLM tells by its addresses what it serves', async () => {
    const more = { max_model_len: 32_768 }
    const models = { 'GET /v1/models': modelList(['Qwen/Qwen3-8B'], 'vllm', more) }
    const chat = await found({
      ...models,
      'GET /openapi.json': { paths: { '/v1/chat/completions': {} } },
    })
    expect(chat).toMatchObject({ title: 'vLLM server' })
    expect(chat.models[0]?.can).toBe('chat; 32,768 tokens')
    expect(chat.models[0] && modelName(chat.models[0].model.ref)).toBe('qwen/qwen3-8b')
    const vectors = await found({
      ...models,
      'GET /openapi.json': { paths: { '/v1/embeddings': {} } },
    })
    expect(vectors.models[0]?.can).toBe('embeddings; 32,768 tokens')
    const old = await found({ 'GET /v1/models': modelList(['BAAI/bge-m3'], 'vllm') })
    expect(old.models[0]?.can).toBe('embeddings')
  })

  it('SGLang tells whether it sees', async () => {
    const upstream = await found({
      'GET /v1/models': modelList(['vl'], 'sglang', { max_model_len: 8_192 }),
      'GET /get_model_info': { is_generation: true, has_image_understanding: true },
    })
    expect(upstream.title).toBe('SGLang server')
    expect(upstream.models[0]?.can).toBe('chat, sees pictures; 8,192 tokens')
    expect(inputsOf(upstream)).toContain('images')
  })

  it('TGI tells how many tokens and runs it takes', async () => {
    const upstream = await found({
      'GET /v1/models': modelList(['tiny'], 'tiny'),
      'GET /info': {
        router: 'text-generation-router',
        model_id: 'tiny',
        max_total_tokens: 4_096,
        max_concurrent_requests: 128,
      },
    })
    expect(upstream).toMatchObject({ title: 'TGI server' })
    expect(upstream.facts).toContain('128 at once')
    expect(inputsOf(upstream)).not.toContain('top_k')
  })

  it('LM Studio lists what it has loaded, in both versions of its API', async () => {
    const now = await found({
      'GET /v1/models': modelList(['qwen/qwen3-4b', 'nomic'], 'organization_owner'),
      'GET /api/v1/models': {
        models: [
          {
            key: 'qwen/qwen3-4b',
            type: 'llm',
            capabilities: { vision: true },
            max_context_length: 40_960,
            loaded_instances: [{ config: { context_length: 4_096 } }],
          },
          { key: 'nomic', type: 'embedding', max_context_length: 2_048, loaded_instances: [] },
        ],
      },
    })
    expect(now.title).toBe('LM Studio')
    expect(now.models.map(({ can, warmth }) => [can, warmth])).toEqual([
      ['chat, sees pictures; 4,096 tokens', 'warm'],
      ['embeddings; 2,048 tokens', 'cold'],
    ])
    const before = await found({
      'GET /v1/models': modelList(['a'], 'organization_owner'),
      'GET /api/v0/models': {
        data: [{ id: 'a', type: 'vlm', state: 'not-loaded', max_context_length: 1_024 }],
      },
    })
    expect(before.models[0]).toMatchObject({
      can: 'chat, sees pictures; 1,024 tokens',
      warmth: 'cold',
    })
  })

  it('LiteLLM tells the mode of each model', async () => {
    const modes = [
      'chat',
      'embedding',
      'image_generation',
      'audio_speech',
      'audio_transcription',
      'rerank',
    ]
    const upstream = await found({
      'GET /v1/models': modelList(modes, 'openai'),
      'GET /model/info': {
        data: modes.map((mode) => ({
          model_name: mode,
          model_info: { mode, max_input_tokens: null },
        })),
      },
    })
    expect(upstream.title).toBe('LiteLLM proxy')
    expect(upstream.models.map(({ can }) => can)).toEqual([
      ...['chat', 'embeddings', 'makes pictures', 'speaks', 'transcribes', 'ranks documents'],
    ])
  })

  it('any other server is taken by the names of its models', async () => {
    const ids = [
      'gpt-4o',
      'text-embedding-3-small',
      'whisper-1',
      'tts-1',
      'gpt-image-1',
      'org/a-vl-7b',
    ]
    const upstream = await found({ 'GET /v1/models': modelList(ids, 'someone') })
    expect(upstream.title).toBe('Server with OpenAI’s API')
    expect(upstream.models.map(({ can }) => can)).toEqual([
      ...['chat, sees pictures', 'embeddings', 'transcribes', 'speaks', 'makes pictures'],
      'chat, sees pictures',
    ])
  })

  it('may have its models at another path than /v1', async () => {
    const upstream = await found({ 'GET /openai/models': modelList(['a'], 'x') }, '/openai')
    expect(upstream.address).toBe(`${upstream.base}/openai`)
  })

  it('is asked for one model by its name after #', async () => {
    const routes = { 'GET /v1/models': modelList(['a', 'b'], 'x') }
    const upstream = await found(routes, '/v1#b')
    expect(upstream.models.map(({ isChosen }) => isChosen)).toEqual([false, true])
    const missing = await provider.probe({ text: `${upstream.base}#c` })
    expect(missing).toMatchObject({
      kind: 'refused',
      sentence: expect.stringContaining('no model c'),
    })
  })

  it('with hundreds of models chooses none of them', async () => {
    const ids = Array.from({ length: 300 }, (_, at) => `m${at}`)
    const { models } = await found({ 'GET /v1/models': modelList(ids, 'x') })
    expect(models).toHaveLength(300)
    expect(models.filter(({ isChosen }) => isChosen)).toEqual([])
  })
})

describe('what is none of these', () => {
  it('is left to others', async () => {
    expect(await provider.probe({ text: 'owner/name' })).toBeNull()
    expect(await provider.probe({ text: 'https://replicate.com/a/b' })).toBeNull()
    expect(await provider.probe({ text: 'http://user:password@host' })).toBeNull()
    const page = await upstreamWith({ 'GET /v1/models': plainText('<html>') })
    expect(await provider.probe({ text: page.url })).toMatchObject({ kind: 'other', isAway: false })
    const gone = await startUpstream({})
    await gone.close()
    expect(await provider.probe({ text: gone.url })).toMatchObject({ kind: 'other', isAway: true })
  })

  it('is not followed when it sends elsewhere', async () => {
    const elsewhere = await upstreamWith({ 'GET /v1/models': modelList(['a'], 'x') })
    const upstream = await upstreamWith({
      'GET /v1/models': (_asked, response) =>
        void response.writeHead(307, { Location: `${elsewhere.url}/v1/models` }).end(),
    })
    expect(await provider.probe({ text: upstream.url, key: 'sk-1' })).toMatchObject({
      kind: 'refused',
      sentence: expect.stringContaining(`sends requests on to ${elsewhere.url}.`),
    })
    expect(elsewhere.asked).toEqual([])
  })
})

it('sends a key to its own server, and the typed one first', async () => {
  const upstream = await upstreamWith({ 'GET /v1/models': modelList(['a'], 'vllm') })
  const own = await providerOver({ keys: { [upstream.url]: 'sk-kept' } })
  await own.provider.probe({ text: upstream.url })
  await own.provider.probe({ text: `${upstream.url}/v1`, key: 'sk-typed' })
  const keys = upstream.asks('GET /v1/models').map(({ headers }) => headers.authorization)
  expect(keys).toEqual(['Bearer sk-kept', 'Bearer sk-typed'])
})
