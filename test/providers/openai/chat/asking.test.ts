import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileUri, type StoredFile } from '../../../../src/domain/file/file.ts'
import { newId } from '../../../../src/domain/id.ts'
import type { JsonObject } from '../../../../src/domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../../src/domain/json/parts.ts'
import { type Asked, modelAt, providerOver, textOf, upstreamWith } from '../support/asking.ts'
import { modelList, type Routes, refusing, streaming } from '../support/upstream.ts'

const answering = streaming(({ text, end }) => {
  text('Yes')
  end()
})

/** A server whose models see and hear. */
const seeing: Routes = {
  'GET /v1/models': modelList(['m'], 'llamacpp', {
    architecture: { input_modalities: ['text', 'image', 'audio'] },
  }),
  'POST /v1/chat/completions': answering,
}

async function picture(width: number, height: number, format: 'png' | 'webp' | 'jpeg') {
  const create = { width, height, channels: 3, background: '#dd8844' } as const
  return sharp({ create }).toFormat(format).toBuffer()
}

async function stored({ files }: Asked, bytes: Buffer, name: string): Promise<StoredFile> {
  const content = await files.put(Readable.from([bytes]), 2 ** 26)
  return { ...content, ref: newId(randomBytes(16)), name }
}

async function bodyFor(input: JsonObject, routes: Routes = seeing): Promise<JsonObject> {
  const upstream = await upstreamWith(routes)
  const { prediction } = await (await modelAt(upstream)).run(input)
  expect(prediction.error).toBeNull()
  return upstream.asks('POST /v1/chat/completions')[0]?.body ?? {}
}

async function errorFor(input: JsonObject): Promise<string> {
  const upstream = await upstreamWith(seeing)
  const { prediction } = await (await modelAt(upstream)).run(input)
  expect(upstream.asks('POST /v1/chat/completions')).toEqual([])
  return prediction.error ?? ''
}

describe('a conversation', () => {
  it('is the system prompt, the messages, and the prompt as the next question', async () => {
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Good morning' },
    ]
    const body = await bodyFor({ prompt: 'And now?', system_prompt: 'Be brief', messages })
    expect(body.messages).toEqual([
      { role: 'system', content: 'Be brief' },
      ...messages,
      { role: 'user', content: 'And now?' },
    ])
  })

  it('keeps the system prompt that its messages begin with', async () => {
    const messages = [
      { role: 'system', content: 'Be long' },
      { role: 'user', content: 'Hello' },
    ]
    expect((await bodyFor({ messages, system_prompt: 'Be brief' })).messages).toEqual(messages)
  })

  it('has something to ask', async () => {
    const nothing = 'prompt: Ask something, in prompt or in messages.'
    expect(await errorFor({})).toBe(nothing)
    expect(await errorFor({ prompt: ' ', messages: [] })).toBe(nothing)
    expect(await errorFor({ system_prompt: 'Be brief' })).toBe(nothing)
  })

  it('has messages of a known form', async () => {
    expect(await errorFor({ messages: [{ content: 'a' }] })).toMatch(/^messages, 1: A message has/)
    expect(await errorFor({ messages: ['a'] })).toMatch(/^messages, 1: A message has/)
    const strange = [{ type: 'video_url', video_url: { url: 'http://169.254.169.254/' } }]
    expect(await errorFor({ messages: [{ role: 'user', content: strange }] })).toMatch(
      /^messages, 1: A part is of the type/,
    )
  })
})

describe('settings', () => {
  const input = {
    prompt: 'a',
    max_tokens: 10,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 20,
    repeat_penalty: 1.1,
    seed: 7,
    stop: ['END'],
    json_schema: { type: 'object' },
  }

  it('are sent as each server calls them', async () => {
    const sampling = { temperature: 0.5, top_p: 0.9, top_k: 20, seed: 7, stop: ['END'] }
    const format = {
      type: 'json_schema',
      json_schema: { name: 'answer', schema: { type: 'object' } },
    }
    const at = (owner: string) =>
      bodyFor(input, { ...seeing, 'GET /v1/models': modelList(['m'], owner) })
    expect(await at('vllm')).toMatchObject({
      ...sampling,
      max_tokens: 10,
      repetition_penalty: 1.1,
      response_format: format,
    })
    expect(await at('llamacpp')).toMatchObject({ ...sampling, repeat_penalty: 1.1 })
  })

  it('that are empty are left to the server', async () => {
    const body = await bodyFor({ prompt: 'a', max_tokens: null, stop: [], seed: '' })
    expect(Object.keys(body).sort()).toEqual([
      ...['messages', 'model', 'return_progress', 'stream', 'stream_options'],
    ])
  })

  it('turn the reasoning of a llama.cpp template off', async () => {
    const routes = { ...seeing, 'GET /props': { chat_template: '{% if enable_thinking %}' } }
    const body = await bodyFor({ prompt: 'a', thinking: false }, routes)
    expect(body.chat_template_kwargs).toEqual({ enable_thinking: false })
  })
})

/** The pictures of the last message, as `type width×height`. */
async function sentPictures({ messages }: JsonObject): Promise<readonly string[]> {
  const parts = listIn(objectIn(listIn(messages).at(-1)).content).map(objectIn)
  const urls = parts.flatMap(({ image_url: image }) => textIn(objectIn(image).url) || [])
  return Promise.all(
    urls.map(async (url) => {
      const [head, data = ''] = url.split(',')
      const { width, height, format } = await sharp(Buffer.from(data, 'base64')).metadata()
      return `${head} ${format} ${width}×${height}`
    }),
  )
}

describe('pictures', () => {
  it('are sent as they are when they are small, and drawn anew when they are not', async () => {
    const upstream = await upstreamWith(seeing)
    const asked = await modelAt(upstream, { limits: { maxPixels: 200 } })
    const files = [
      await stored(asked, await picture(20, 10, 'png'), 'small.png'),
      await stored(asked, await picture(500, 250, 'jpeg'), 'large.jpg'),
      await stored(asked, await picture(30, 30, 'webp'), 'other.webp'),
    ]
    const { prediction } = await asked.run(
      { prompt: 'What is this?', images: files.map(fileUri) },
      { files },
    )
    expect(prediction.error).toBeNull()
    const body = upstream.asks('POST /v1/chat/completions')[0]?.body ?? {}
    expect(await sentPictures(body)).toEqual([
      'data:image/png;base64 png 20×10',
      'data:image/jpeg;base64 jpeg 200×100',
      'data:image/jpeg;base64 jpeg 30×30',
    ])
    expect(listIn(objectIn(listIn(body.messages)[0]).content).at(-1)).toEqual({
      type: 'text',
      text: 'What is this?',
    })
  })

  it('of messages are fetched by us, or taken from a data URI', async () => {
    const bytes = await picture(12, 12, 'png')
    const host = createServer((_request, response) => void response.end(bytes)).listen(0)
    onTestFinished(() => void host.close())
    const address = host.address()
    const port = typeof address === 'object' ? address?.port : 0
    const url = `http://127.0.0.1:${port}/a.png`
    const upstream = await upstreamWith(seeing)
    const { run } = await modelAt(upstream, { allow: [`http://127.0.0.1:${port}`] })
    const content = [
      { type: 'image_url', image_url: { url } },
      {
        type: 'image_url',
        image_url: { url: `data:image/png;base64,${bytes.toString('base64')}` },
      },
      { type: 'text', text: 'Which?' },
    ]
    const { prediction } = await run({ messages: [{ role: 'user', content }] })
    expect(prediction.error).toBeNull()
    const body = upstream.asks('POST /v1/chat/completions')[0]?.body ?? {}
    expect(await sentPictures(body)).toEqual(Array(2).fill('data:image/png;base64 png 12×12'))
    expect(JSON.stringify(body)).not.toContain(url)
  })

  it('are not fetched from where nobody may fetch', async () => {
    const content = [{ type: 'image_url', image_url: { url: 'http://169.254.169.254/latest' } }]
    expect(await errorFor({ messages: [{ role: 'user', content }] })).toBe(
      'messages, 1: This server is not allowed to fetch that URL.',
    )
  })

  it('must be pictures', async () => {
    const content = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGVsbG8=' } }]
    expect(await errorFor({ messages: [{ role: 'user', content }] })).toBe(
      'messages, 1: This file is not a picture that can be read.',
    )
  })
})

it('sends audio as base64', async () => {
  const upstream = await upstreamWith(seeing)
  const asked = await modelAt(upstream)
  const wav = Buffer.from('RIFF\0\0\0\0WAVEfmt ')
  const file = { ...(await stored(asked, wav, 'a.wav')), type: 'audio/wav' }
  await asked.run({ prompt: 'What is said?', audio: fileUri(file) }, { files: [file] })
  const body = upstream.asks('POST /v1/chat/completions')[0]?.body
  expect(listIn(objectIn(listIn(body?.messages)[0]).content)[0]).toEqual({
    type: 'input_audio',
    input_audio: { data: wav.toString('base64'), format: 'wav' },
  })
})

describe('Ollama', () => {
  const lines =
    (...all: readonly JsonObject[]): Routes[string] =>
    (_asked, response) => {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
      for (const line of all) response.write(`${JSON.stringify(line)}\n`)
      response.end()
    }
  const routes: Routes = {
    'GET /': (_asked, response) => void response.end('Ollama is running'),
    'GET /api/version': { version: '0.12.3' },
    'GET /v1/models': { data: null },
    'GET /api/tags': {
      models: [{ name: 'm', capabilities: ['completion', 'vision', 'thinking'], details: {} }],
    },
  }
  const chat = (...all: readonly JsonObject[]) =>
    upstreamWith({ ...routes, 'POST /api/chat': lines(...all) })
  const done = {
    done: true,
    done_reason: 'stop',
    message: { role: 'assistant', content: '' },
    prompt_eval_count: 5,
    eval_count: 10,
    eval_duration: 500_000_000,
  }

  it('is asked by its own API, and its figures are read', async () => {
    const upstream = await chat(
      { message: { role: 'assistant', thinking: 'Hm' }, done: false },
      { message: { role: 'assistant', content: 'Yes' }, done: false },
      done,
    )
    const asked = await providerOver({ models: [['a/model', `${upstream.url}#m`]] })
    const file = await stored(asked, await picture(8, 8, 'png'), 'a.png')
    const { prediction } = await asked.run(
      { prompt: 'a', images: [fileUri(file)], max_tokens: 9, temperature: 1, thinking: true },
      { files: [file] },
    )
    expect(prediction).toMatchObject({ status: 'succeeded', output: ['Yes'], logs: 'Hm\n' })
    expect(prediction.metrics).toMatchObject({ input_token_count: 5, tokens_per_second: 20 })
    const body = upstream.asks('POST /api/chat')[0]?.body
    expect(body).toMatchObject({
      model: 'm',
      stream: true,
      think: true,
      options: { num_predict: 9, temperature: 1 },
      messages: [{ role: 'user', content: 'a', images: [expect.stringMatching(/^iVBORw0KGgo/)] }],
    })
  })

  it('may fail in the middle, end without an end, or refuse', async () => {
    const part = { message: { role: 'assistant', content: 'so far' }, done: false }
    const failing = await chat(part, { error: 'an error was encountered' })
    const cut = await chat(part)
    const busy = await upstreamWith({
      ...routes,
      'POST /api/chat': refusing(404, { error: 'model "m" not found, try pulling it first' }),
    })
    const run = async ({ url }: { readonly url: string }) => {
      const { run: ask } = await providerOver({ models: [['a/model', `${url}#m`]] })
      return (await ask({ prompt: 'a' })).prediction
    }
    expect(await run(failing)).toMatchObject({ error: 'An error was encountered.' })
    expect(textOf((await run(failing)).output)).toBe('so far')
    expect((await run(cut)).error).toBe('Its server stopped in the middle of the answer.')
    expect((await run(busy)).error).toBe('Model "m" not found, try pulling it first.')
  })
})
