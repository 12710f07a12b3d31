import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { foundAt, modelAt, providerOver, textOf, upstreamWith } from './support/asking.ts'
import { type Answering, modelList, type Routes } from './support/upstream.ts'

const megabyte = Buffer.alloc(2 ** 20, 'x')
const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`

/** Answers with more than any server has to say, until the client hangs up. */
function pouring(type: string, poured: { megabytes: number }): Answering {
  return async (_asked, response) => {
    response.writeHead(200, { 'Content-Type': type })
    let isOpen = true
    response.once('close', () => {
      isOpen = false
    })
    for (; isOpen && poured.megabytes < 300; poured.megabytes++)
      if (!response.write(megabyte))
        await Promise.race([once(response, 'drain'), once(response, 'close')])
    response.end()
  }
}

/** Answers with a text, whatever it is said to be. */
function answering(type: string, text: string): Answering {
  return (_asked, response) => void response.writeHead(200, { 'Content-Type': type }).end(text)
}

async function sentenceAt(list: Routes[string]) {
  const upstream = await upstreamWith({ 'GET /v1/models': list })
  const { provider } = await providerOver({})
  const probed = await provider.probe({ text: upstream.url, key: null })
  if (probed === null || probed.kind === 'found') throw new Error(JSON.stringify(probed))
  return probed.sentence
}

describe('a list of models', () => {
  it('is read up to a bound', async () => {
    const poured = { megabytes: 0 }
    expect(await sentenceAt(pouring('application/json', poured))).toContain('larger than 4 MB')
    expect(poured.megabytes).toBeLessThan(50)
  })

  it('may be nested as deeply as it likes', async () => {
    const list = answering('application/json', `{"data":${nested}}`)
    expect(await sentenceAt(list)).toContain('does not answer as one with OpenAI’s API')
  })

  it('may drip, and is given up', async () => {
    const dripping: Answering = (_asked, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 50)
      response.once('close', () => clearInterval(timer))
    }
    expect(await sentenceAt(dripping)).toContain('took too long')
  })

  it('may have thousands of lines of any kind: those with an id are models with names', async () => {
    const ids = ['../../x', '__proto__', '<script>', '💥', '%2F', 'mcp/x', 'openai/v1', 'p/x']
    const odd = [1, null, 'x', { id: 4 }, { id: ['a'] }, { id: '' }, { id: 'a\nb' }]
    const many = Array.from({ length: 20_000 }, (_, at) => ({ id: `m${at}` }))
    const rows = [...odd, ...ids.map((id) => ({ id, meta: 'x', architecture: [] })), ...many]
    const upstream = await upstreamWith({ 'GET /v1/models': { data: rows } })
    const { provider } = await providerOver({})
    const { models } = await foundAt(provider, upstream.url)
    expect(models.length).toBeLessThanOrEqual(1_000)
    expect(models.slice(0, ids.length).map(({ id }) => id)).toEqual(ids)
    const names = models.map(({ model: { ref } }) => `${ref.owner}/${ref.name}`)
    expect(names.filter((name) => !/^[a-z0-9._-]+\/[a-z0-9._-]+$/.test(name))).toEqual([])
  })
})

describe('an answer', () => {
  async function answerOf(chat: Answering) {
    const upstream = await upstreamWith({
      'GET /v1/models': modelList(['m'], 'vllm'),
      'POST /v1/chat/completions': chat,
    })
    const { run } = await modelAt(upstream)
    return (await run({ prompt: 'Hello' })).prediction
  }

  it.each(['text/event-stream', 'application/json', 'application/x-ndjson'])(
    'of %s without an end is cut off',
    async (type) => {
      const poured = { megabytes: 0 }
      expect((await answerOf(pouring(type, poured))).status).toBe('failed')
      expect(poured.megabytes).toBeLessThan(50)
    },
  )

  it('may be nested as deeply as it likes, and have parts of wrong types', async () => {
    const events = [
      ...[nested, 'null', '5', '{"choices":"x","usage":[1],"timings":7,"prompt_progress":[]}'],
      ...['{"choices":[null,3]}', '{"choices":[{"delta":"x","finish_reason":7}]}'],
      ...['{"choices":[],"usage":{"prompt_tokens":1e999,"completion_tokens":-4}}'],
      ...['{"choices":[{"delta":{"content":"fine"}}]}', '[DONE]'],
    ]
    const text = events.map((data) => `data: ${data}\n\n`).join('')
    const { status, output, metrics } = await answerOf(answering('text/event-stream', text))
    expect(status).toBe('succeeded')
    expect(textOf(output)).toBe('fine')
    expect(metrics).not.toHaveProperty('input_token_count')
  })
})
