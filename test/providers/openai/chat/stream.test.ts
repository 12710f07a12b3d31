import { describe, expect, it } from 'vitest'
import { modelAt, textOf, upstreamWith } from '../support/asking.ts'
import {
  modelList,
  refusing,
  replaying,
  sendJson,
  streaming,
  type Writing,
} from '../support/upstream.ts'

const list = modelList(['m'], 'vllm')

async function answerOf(write: (writing: Writing) => void | Promise<void>) {
  const upstream = await upstreamWith({
    'GET /v1/models': list,
    'POST /v1/chat/completions': streaming(write),
  })
  const { run } = await modelAt(upstream)
  const { prediction, occurrences } = await run({ prompt: 'Hello' })
  return { prediction, occurrences, upstream, text: textOf(prediction.output) }
}

describe('an answer', () => {
  it('is text as it comes, with its figures', async () => {
    const { prediction, text, upstream } = await answerOf(({ text, end }) => {
      text('Good ')
      text('morning')
      end()
    })
    expect(prediction).toMatchObject({ status: 'succeeded', error: null, logs: '' })
    expect(text).toBe('Good morning')
    expect(prediction.metrics).toMatchObject({ input_token_count: 7, output_token_count: 3 })
    const [asked] = upstream.asks('POST /v1/chat/completions')
    expect(asked?.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('ends where the server says so, whatever comes after', async () => {
    const { prediction, text } = await answerOf(({ raw, text, response }) => {
      text('all')
      raw('data: [DONE]\n\ndata: {"choices":[{"delta":{"content":" and more"}}]}\n\n')
      response.end()
    })
    expect(prediction.status).toBe('succeeded')
    expect(text).toBe('all')
  })

  it('has its reasoning in the logs, once', async () => {
    const { prediction, text } = await answerOf(({ event, text, end }) => {
      const both = { reasoning: 'Hm, hm', reasoning_content: 'Hm, hm', content: null }
      event({ choices: [{ index: 0, delta: both }] })
      text('Yes')
      end()
    })
    expect(text).toBe('Yes')
    expect(prediction.logs).toBe('Hm, hm\n')
    expect(prediction.metrics).toHaveProperty('reasoning_time')
  })

  it('tells that it reasons with its first thought, and how long it did before its first word', async () => {
    const { prediction, occurrences } = await answerOf(async ({ event, text, work, end }) => {
      event({ choices: [{ index: 0, delta: { reasoning_content: 'Hm' } }] })
      await work(30)
      text('Yes')
      await work(30)
      text(', so it is')
      end()
    })
    const told = occurrences.flatMap((one) =>
      one.type === 'measured' && 'reasoning_time' in one.metrics
        ? [one.metrics.reasoning_time]
        : [],
    )
    expect(told[0]).toBeNull()
    expect(told[1]).toBeGreaterThan(0.02)
    const kinds = occurrences.map(({ type }) => type)
    expect(kinds.indexOf('measured')).toBeLessThan(kinds.indexOf('logged'))
    const measuredTwice = kinds.indexOf('measured', kinds.indexOf('logged'))
    expect(measuredTwice).toBeLessThan(kinds.indexOf('emitted'))
    expect(prediction.metrics.reasoning_time).toBe(told[1])
  })

  it('is read in whatever form server-sent events have', async () => {
    const { prediction, text } = await answerOf(({ raw, response, end }) => {
      raw(': a comment\r\n\r\n')
      raw('data:{"choices":[{"delta":{"role":"assistant","content":null}}]}\r\n\r\n')
      raw('data: {"choices":[]}\r\n\r\n')
      raw('data: {"object":"something"}\r\n\r\n')
      const bytes = Buffer.from('data: {"choices":[{"delta":{"content":"世界 👋"}}]}\r\n\r\n')
      for (const byte of bytes) response.write(Buffer.from([byte]))
      raw('data: not JSON\r\n\r\n')
      end()
    })
    expect(prediction.status).toBe('succeeded')
    expect(text).toBe('世界 👋')
  })

  it('may end with [DONE] alone, or with a reason alone', async () => {
    const first = await answerOf(({ text, raw, response }) => {
      text('one')
      raw('data: [DONE]\n\n')
      response.end()
    })
    expect(first).toMatchObject({ text: 'one', prediction: { status: 'succeeded' } })
    expect(first.prediction.metrics).not.toHaveProperty('finish_reason')
    const second = await answerOf(({ event, response }) => {
      event({ choices: [{ delta: { content: 'two' }, finish_reason: 'stop' }] })
      response.end()
    })
    expect(second).toMatchObject({ text: 'two', prediction: { status: 'succeeded' } })
    expect(second.prediction.metrics).toMatchObject({ finish_reason: 'stop' })
  })

  it('ends though the server keeps the connection open', async () => {
    const { prediction, text } = await answerOf(async ({ event, work }) => {
      event({ choices: [{ delta: { content: 'done' }, finish_reason: 'stop' }] })
      await work(60_000)
    })
    expect(prediction.status).toBe('succeeded')
    expect(text).toBe('done')
  })

  it('says when it was cut short by its own limit', async () => {
    const { prediction } = await answerOf(({ text, end }) => {
      text('A long')
      end('length')
    })
    expect(prediction.status).toBe('succeeded')
    expect(prediction.metrics.finish_reason).toBe('length')
    expect(prediction.logs).toBe('')
  })

  it('may come as one response', async () => {
    const message = { role: 'assistant', content: 'whole', reasoning_content: 'thought' }
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': { choices: [{ message, finish_reason: 'stop' }] },
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(prediction).toMatchObject({ status: 'succeeded', output: ['whole'], logs: 'thought\n' })
  })

  it('is gathered, the first of it at once', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': streaming(async ({ text, end, work }) => {
        for (let word = 0; word < 100; word++) {
          text(`${word} `)
          await work(1)
        }
        end()
      }),
    })
    const { run } = await modelAt(upstream, { limits: { gatherMs: 40 } })
    const { outputs, prediction } = await run({ prompt: 'a' })
    expect(textOf(prediction.output)).toHaveLength(290)
    expect(textOf(outputs[0] ?? '').length).toBeLessThan(30)
    expect(outputs.length).toBeLessThan(40)
  })
})

describe('an answer that fails', () => {
  const failing: readonly (readonly [string, (writing: Writing) => void])[] = [
    ['an object', ({ event }) => event({ error: { message: 'out of memory', code: 500 } })],
    ['a text', ({ event }) => event({ error: 'out of memory' })],
    ['a flat object', ({ event }) => event({ object: 'error', message: 'out of memory' })],
    ['an event', ({ raw }) => raw('event: error\ndata: {"message":"out of memory"}\n\n')],
    ['an event of text', ({ raw }) => raw('event: error\ndata: out of memory\n\n')],
  ]
  it.each(failing)('fails with the sentence of the server: %s', async (_name, fail) => {
    const { prediction, text } = await answerOf((writing) => {
      writing.text('so far')
      fail(writing)
      writing.raw('data: [DONE]\n\n')
      writing.response.end()
    })
    expect(prediction).toMatchObject({ status: 'failed', error: 'Out of memory.' })
    expect(prediction.logs).toContain('out of memory')
    expect(text).toBe('so far')
  })

  const cut = 'Its server stopped in the middle of the answer.'
  it('keeps what was made when it ends in the middle', async () => {
    const closed = await answerOf(({ text, response }) => {
      text('so far')
      response.end()
    })
    expect(closed).toMatchObject({ text: 'so far', prediction: { status: 'failed', error: cut } })
    const reset = await answerOf(async ({ text, response, work }) => {
      text('so far')
      await work(20)
      response.socket?.resetAndDestroy()
    })
    expect(reset).toMatchObject({ text: 'so far', prediction: { status: 'failed', error: cut } })
    expect(reset.upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
  })

  it('fails when the server aborted it', async () => {
    const { prediction } = await answerOf(({ end }) => end('abort'))
    expect(prediction).toMatchObject({ status: 'failed', error: 'Its server aborted the answer.' })
  })

  it('fails for anything but an answer', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': (_asked, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' })
        response.end('<h1>Welcome</h1>')
      },
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toContain('something else than a chat model’s answer')
  })

  it('fails for a line without an end', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': streaming(async ({ raw, signal, work }) => {
        raw('data: ')
        while (!signal.aborted) {
          raw('x'.repeat(100_000))
          await work(1)
        }
      }),
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(prediction.status).toBe('failed')
    expect(prediction.logs).toContain('it sent a line without an end')
  })

  it('fails for an answer without an end', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': streaming(async ({ text, signal, work }) => {
        while (!signal.aborted) {
          text('x'.repeat(1_000))
          await work(0)
        }
      }),
    })
    const { run } = await modelAt(upstream, { limits: { maxTextUnits: 20_000 } })
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction.status).toBe('failed')
    expect(textOf(prediction.output).length).toBeLessThanOrEqual(20_000)
  })
})

describe('a request that is refused', () => {
  async function refusedWith(status: number, json: Parameters<typeof refusing>[1]) {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': refusing(status, json),
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
    return prediction
  }

  it.each([
    [400, { error: { message: 'temperature is too high', code: 'invalid' } }],
    [400, { object: 'error', message: 'temperature is too high', code: 400 }],
    [422, { error: 'temperature is too high', error_type: 'validation' }],
    [404, { detail: 'temperature is too high' }],
    [500, { error: { message: 'temperature is too high' } }],
  ])('fails with the sentence of the server: %i %j', async (status, json) => {
    const prediction = await refusedWith(status, json)
    expect(prediction).toMatchObject({ status: 'failed', error: 'Temperature is too high.' })
    expect(prediction.logs).toContain(`${status} {`)
  })

  it('names the input that FastAPI names', async () => {
    const detail = [{ loc: ['body', 'top_p'], msg: 'Input should be less than 1', type: 'x' }]
    expect((await refusedWith(422, { detail })).error).toBe('top_p: Input should be less than 1.')
  })

  it('says that the key is refused, without the key', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': ({ headers }, response) =>
        sendJson(response, 401, { error: { message: `Bad key ${headers.authorization}` } }),
    })
    const { run } = await modelAt(upstream, { keys: { [upstream.url]: 'sk-secret' } })
    const { prediction } = await run({ prompt: 'a' })
    expect(prediction.error).toContain('refused the API key')
    expect(JSON.stringify(prediction)).not.toContain('sk-secret')
    expect(upstream.asked.every((one) => one.headers.authorization === 'Bearer sk-secret')).toBe(
      true,
    )
  })

  it('says that the model takes no pictures', async () => {
    const upstream = await upstreamWith({
      'GET /v1/models': list,
      'POST /v1/chat/completions': replaying('llama', 'chat-image-refused'),
    })
    const { prediction } = await (await modelAt(upstream)).run({ prompt: 'a' })
    expect(prediction.error).toBe('This model takes no pictures.')
  })
})
