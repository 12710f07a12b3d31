import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { fileAt, fileUri } from '../../../src/domain/file/file.ts'
import { newId } from '../../../src/domain/id.ts'
import { modelAt, upstreamWith } from './support/asking.ts'
import { modelList, type Routes, refusing, sendJson } from './support/upstream.ts'

/** A server with one model, of the kind that its name tells. */
async function serving(id: string, routes: Routes) {
  const upstream = await upstreamWith({ 'GET /v1/models': modelList([id], 'someone'), ...routes })
  return { upstream, ...(await modelAt(upstream)) }
}

describe('embeddings', () => {
  it('are lists of numbers, in the order of the texts', async () => {
    const { run, upstream } = await serving('text-embedding', {
      'POST /v1/embeddings': {
        data: [
          { index: 1, embedding: [3, 4] },
          { index: 0, embedding: [1, 2] },
        ],
        usage: { prompt_tokens: 4 },
      },
    })
    const { prediction } = await run({ input: ['a', 'b'], dimensions: 2 })
    expect(prediction).toMatchObject({
      status: 'succeeded',
      output: [
        [1, 2],
        [3, 4],
      ],
    })
    expect(prediction.metrics).toEqual({ input_token_count: 4 })
    expect(upstream.asks('POST /v1/embeddings')[0]?.body).toEqual({
      model: 'text-embedding',
      input: ['a', 'b'],
      encoding_format: 'float',
      dimensions: 2,
    })
  })

  it('of many texts are kept in a file', async () => {
    const data = Array.from({ length: 2_000 }, (_, index) => ({
      index,
      embedding: Array.from({ length: 512 }, () => 0.123456789),
    }))
    const { run } = await serving('text-embedding', { 'POST /v1/embeddings': { data } })
    const { prediction } = await run({ input: ['a'] })
    expect(prediction.status).toBe('succeeded')
    expect(prediction.excerpt).toMatchObject({ form: 'list' })
    expect(prediction.files.some(({ size }) => size > 2 ** 21)).toBe(true)
  })

  it('fail with the sentence of the server', async () => {
    const { run } = await serving('text-embedding', {
      'POST /v1/embeddings': refusing(500, { error: { message: 'input is too large' } }),
    })
    expect((await run({ input: ['a'] })).prediction.error).toBe('Input is too large.')
    const wrong = await serving('text-embedding', { 'POST /v1/embeddings': { object: 'list' } })
    expect((await wrong.run({ input: ['a'] })).prediction.error).toContain('something else')
  })
})

describe('embeddings at Ollama', () => {
  const routes: Routes = {
    'GET /v1/models': { object: 'list', data: null },
    'GET /': (_asked, response) => void response.end('Ollama is running'),
    'GET /api/version': { version: '0.12.3' },
    'GET /api/ps': { models: [] },
    'GET /api/tags': { models: [{ name: 'bge-m3:latest', capabilities: ['embedding'] }] },
  }
  const opened = async (more: Routes) => {
    const upstream = await upstreamWith({ ...routes, ...more })
    return { upstream, ...(await modelAt(upstream)) }
  }

  it('come by its own API, with the tokens that it read', async () => {
    const embeddings = [
      [1, 2],
      [3, 4],
    ]
    const { run, upstream } = await opened({
      'POST /api/embed': { model: 'bge-m3:latest', embeddings, prompt_eval_count: 5 },
    })
    const { prediction } = await run({ input: ['a', 'b'], dimensions: 2 })
    expect(prediction).toMatchObject({ status: 'succeeded', output: embeddings })
    expect(prediction.metrics).toEqual({ input_token_count: 5 })
    expect(upstream.asks('POST /api/embed')[0]?.body).toEqual({
      model: 'bge-m3:latest',
      input: ['a', 'b'],
      dimensions: 2,
    })
  })

  it('fail with its own sentence', async () => {
    const error = 'the input length exceeds the context length'
    const { run } = await opened({ 'POST /api/embed': refusing(400, { error }) })
    expect((await run({ input: ['a'] })).prediction).toMatchObject({
      status: 'failed',
      error: 'The input length exceeds the context length.',
    })
  })
})

it('ranks documents, the best first', async () => {
  const { run, upstream } = await serving('bge-reranker', {
    'POST /v1/rerank': {
      results: [
        { index: 0, relevance_score: 0.1 },
        { index: 2, relevance_score: 0.9 },
        { index: 1, relevance_score: 0.5 },
      ],
    },
  })
  const { prediction } = await run({ query: 'q', documents: ['a', 'b', 'c'], top_n: 2 })
  expect(prediction).toMatchObject({
    status: 'succeeded',
    output: [
      { index: 2, relevance_score: 0.9, document: 'c' },
      { index: 1, relevance_score: 0.5, document: 'b' },
    ],
  })
  expect(upstream.asks('POST /v1/rerank')[0]?.body).toMatchObject({ query: 'q', top_n: 2 })
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('pictures', () => {
  it('come as data, and are files', async () => {
    const { run, upstream } = await serving('dall-e-3', {
      'POST /v1/images/generations': { data: [{ b64_json: png.toString('base64') }, {}] },
    })
    const { prediction } = await run({ prompt: 'a cat', n: 1, size: '1024x1024' })
    expect(prediction.status).toBe('succeeded')
    const [first] = Array.isArray(prediction.output) ? prediction.output : []
    expect(fileAt(first, prediction.files)).toMatchObject({ name: 'output.png', size: png.length })
    expect(upstream.asks('POST /v1/images/generations')[0]?.body).toMatchObject({
      model: 'dall-e-3',
      response_format: 'b64_json',
    })
  })

  it('come as addresses, and are copied', async () => {
    const { run } = await serving('dall-e-3', {
      'POST /v1/images/generations': ({ headers }, response) =>
        sendJson(response, 200, {
          data: [{ url: `http://${headers.host}/files/a.png` }, { url: 'http://169.254.169.254/' }],
        }),
      'GET /files/a.png': (_asked, response) => void response.end(png),
    })
    const { prediction } = await run({ prompt: 'a cat' })
    const output = Array.isArray(prediction.output) ? prediction.output : []
    expect(fileAt(output[0], prediction.files)).toMatchObject({ size: png.length })
    expect(output[1]).toBe('http://169.254.169.254/')
  })

  it('are made of those that are sent along', async () => {
    const id = 'gpt-image-1'
    const { run, upstream, files } = await serving(id, {
      'POST /v1/images/edits': {
        data: [{ b64_json: png.toString('base64') }],
        usage: { input_tokens: 9, output_tokens: 4 },
      },
    })
    const given = ['a.png', 'b.png'].map(async (name) => {
      const content = await files.put(Readable.from([png]), 2 ** 20)
      return { ...content, ref: newId(randomBytes(16)), name }
    })
    const images = await Promise.all(given)
    const input = { prompt: 'with a hat', images: images.map(fileUri), n: 1 }
    const { prediction } = await run(input, { files: images })
    expect(prediction.status).toBe('succeeded')
    expect(prediction.metrics).toEqual({ input_token_count: 9, output_token_count: 4 })
    const [asked] = upstream.asks('POST /v1/images/edits')
    expect(asked?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    const sent = asked?.raw.toString('latin1') ?? ''
    for (const name of ['model', 'prompt', 'n']) expect(sent).toContain(`name="${name}"`)
    expect(sent.match(/name="image\[\]"; filename="[ab].png"/g)).toHaveLength(2)
    expect(sent).not.toContain('response_format')
  })

  it('fail with the sentence of the server', async () => {
    const error = { message: 'Your prompt was rejected by the safety system' }
    const { run } = await serving('gpt-image-1', {
      'POST /v1/images/generations': refusing(400, { error }),
    })
    expect((await run({ prompt: 'a' })).prediction.error).toBe(
      'Your prompt was rejected by the safety system.',
    )
  })
})

it('speaks: the response is the file', async () => {
  const audio = randomBytes(2_000)
  const { run, upstream } = await serving('tts-1', {
    'POST /v1/audio/speech': (_asked, response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg' })
      response.end(audio)
    },
  })
  const { prediction } = await run({ input: 'Hello', voice: 'alloy' })
  expect(prediction.status).toBe('succeeded')
  expect(fileAt(prediction.output, prediction.files)).toMatchObject({
    name: 'speech.mp3',
    size: 2_000,
  })
  expect(upstream.asks('POST /v1/audio/speech')[0]?.body).toEqual({
    model: 'tts-1',
    input: 'Hello',
    voice: 'alloy',
  })
})

it('transcribes: the recording is sent as it is', async () => {
  const { run, upstream, files } = await serving('whisper-1', {
    'POST /v1/audio/transcriptions': { text: 'Good morning', usage: { input_tokens: 3 } },
  })
  const bytes = randomBytes(3_000)
  const content = await files.put(Readable.from([bytes]), 2 ** 20)
  const file = { ...content, ref: newId(randomBytes(16)), name: 'a.wav' }
  const { prediction } = await run({ file: fileUri(file), language: 'en' }, { files: [file] })
  expect(prediction).toMatchObject({ status: 'succeeded', output: 'Good morning' })
  const [asked] = upstream.asks('POST /v1/audio/transcriptions')
  expect(asked?.raw.includes(bytes)).toBe(true)
  expect(asked?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  expect((await run({})).prediction.error).toBe('file: Choose a recording.')
})
