import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { type OpenAiApp, startOpenAi } from './support.ts'

let sandpit: OpenAiApp
beforeAll(async () => {
  sandpit = await startOpenAi()
})
afterAll(() => sandpit.close())

const user = (content: string) => ({ role: 'user' as const, content })
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('models', () => {
  it('lists the models that make a text or embeddings', async () => {
    const { data } = await sandpit.client.models.list()
    expect(data.map(({ id }) => id).sort()).toEqual([
      'team/chat',
      'team/plain',
      'team/vector',
      'team/vectors',
    ])
    expect(data[0]).toMatchObject({ object: 'model', owned_by: 'team' })
  })

  it('finds one by its name, with its slash encoded or not', async () => {
    expect(await sandpit.client.models.retrieve('team/chat')).toMatchObject({ id: 'team/chat' })
    const plain = await fetch(`${sandpit.url}/openai/v1/models/team/chat`, {
      headers: { Authorization: 'Bearer a-token-for-tests' },
    })
    expect(await plain.json()).toMatchObject({ id: 'team/chat' })
    await expect(sandpit.client.models.retrieve('team/picture')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })
})

describe('a completion', () => {
  it('is a prediction, which its headers name', async () => {
    const { data, response, request_id } = await sandpit.client.chat.completions
      .create({ model: 'team/chat', messages: [user('hello')] })
      .withResponse()
    const [choice] = data.choices
    expect(JSON.parse(choice?.message.content ?? '')).toEqual({ messages: [user('hello')] })
    expect(choice?.finish_reason).toBe('stop')
    expect(data.id).toBe(`chatcmpl-${request_id}`)
    expect(data.usage).toBeUndefined()
    expect(response.headers.get('Location')).toBe(`${sandpit.url}/p/${request_id}`)
    expect(await sandpit.runner.find(request_id ?? '')).toMatchObject({
      status: 'succeeded',
      source: 'api',
    })
  })

  it('brings limits within the bounds of the model, and passes on its own inputs', async () => {
    const made = await sandpit.client.chat.completions.create({
      model: 'team/chat',
      messages: [{ role: 'developer', content: 'Be brief.' }, user('hello')],
      max_completion_tokens: 5_000,
      temperature: 2,
      stop: 'END',
      seed: 7,
      presence_penalty: 1,
      ...{ mood: 'calm' },
    })
    expect(JSON.parse(made.choices[0]?.message.content ?? '')).toEqual({
      messages: [{ role: 'system', content: 'Be brief.' }, user('hello')],
      max_tokens: 100,
      temperature: 1,
      stop: ['END'],
      seed: 7,
      mood: 'calm',
    })
  })

  it('writes a conversation as one prompt for a model that takes no messages', async () => {
    const ask = async (messages: Parameters<typeof create>[0]) =>
      JSON.parse((await create(messages)).choices[0]?.message.content ?? '')
    const create = (messages: { role: 'system' | 'user' | 'assistant'; content: string }[]) =>
      sandpit.client.chat.completions.create({ model: 'team/plain', messages })
    expect(await ask([user('hello')])).toEqual({ prompt: 'hello' })
    const before = { role: 'assistant' as const, content: 'hi' }
    const rules = { role: 'system' as const, content: 'Be brief.' }
    expect(await ask([rules, user('hello'), before, user('and?')])).toEqual({
      prompt: 'User: hello\n\nAssistant: hi\n\nUser: and?\n\nAssistant:',
      system_prompt: 'Be brief.',
    })
  })

  it('takes pictures where the model does', async () => {
    const content = [
      { type: 'text' as const, text: 'Look' },
      { type: 'image_url' as const, image_url: { url: pixel } },
    ]
    const messages = [{ role: 'user' as const, content }]
    const { data, request_id } = await sandpit.client.chat.completions
      .create({ model: 'team/chat', messages })
      .withResponse()
    expect(data.choices[0]?.message.content).toContain('Look')
    const { input } = (await sandpit.runner.find(request_id ?? '')) ?? {}
    expect(input?.image).toBe(pixel)
    await expect(
      sandpit.client.chat.completions.create({ model: 'team/plain', messages }),
    ).rejects.toMatchObject({ status: 400, param: 'messages' })
  })
})

describe('a stream', () => {
  it('gives the same text in parts', async () => {
    const { data: stream, request_id } = await sandpit.client.chat.completions
      .create({ model: 'team/chat', messages: [user('hello 🌵')], stream: true })
      .withResponse()
    const deltas: string[] = []
    const reasons: unknown[] = []
    for await (const { choices, id } of stream) {
      expect(id).toBe(`chatcmpl-${request_id}`)
      deltas.push(choices[0]?.delta.content ?? '')
      reasons.push(choices[0]?.finish_reason)
    }
    expect(JSON.parse(deltas.join(''))).toEqual({ messages: [user('hello 🌵')] })
    expect(reasons.at(-1)).toBe('stop')
    expect(reasons.slice(0, -1).every((reason) => reason === null)).toBe(true)
  })

  it('ends as the wire format wants it', async () => {
    const answer = await sandpit.post('/chat/completions', {
      model: 'team/chat',
      messages: [user('hello')],
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(answer.headers.get('Content-Type')).toBe('text/event-stream')
    const text = await answer.text()
    expect(text.startsWith('data: {"id":"chatcmpl-')).toBe(true)
    expect(text.endsWith('"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')).toBe(true)
  })

  it('gives all of an answer that is too large for the database', async () => {
    const stream = await sandpit.client.chat.completions.create({
      model: 'team/chat',
      messages: [user('long')],
      stream: true,
    })
    let text = ''
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
    expect(text === 'é🌵'.repeat(15_000 * 40)).toBe(true)
    const whole = await sandpit.client.chat.completions.create({
      model: 'team/chat',
      messages: [user('long')],
    })
    expect(whole.choices[0]?.message.content === text).toBe(true)
  })

  it('cancels the run when the client stops reading', async () => {
    const { data: stream, request_id } = await sandpit.client.chat.completions
      .create({ model: 'team/chat', messages: [user('begin')], stream: true })
      .withResponse()
    for await (const { choices } of stream) if (choices[0]?.delta.content) break
    await eventually(async () => {
      expect((await sandpit.runner.find(request_id ?? ''))?.status).toBe('canceled')
    })
  })

  it('tells of an error in its middle', async () => {
    const stream = await sandpit.client.chat.completions.create({
      model: 'team/chat',
      messages: [user('half')],
      stream: true,
    })
    const read = async () => {
      for await (const _ of stream);
    }
    await expect(read()).rejects.toThrow('It broke in the middle.')
  })
})

describe('an error', () => {
  const asked = () => sandpit.requests.filter((one) => one.startsWith('POST')).length

  it.each([true, false])(
    'of the model is told once, and not asked for again (%s)',
    async (stream) => {
      const before = asked()
      const create = sandpit.client.chat.completions.create({
        model: 'team/chat',
        messages: [user('fail')],
        stream,
      })
      await expect(create).rejects.toMatchObject({
        status: 500,
        code: 'prediction_failed',
        message: expect.stringContaining('The cat is out of the bag.'),
      })
      expect(asked() - before).toBe(1)
    },
  )

  it('cancels the run when the client gives up', async () => {
    const leaving = new AbortController()
    const create = sandpit.client.chat.completions.create(
      { model: 'team/chat', messages: [user('wait')] },
      { signal: leaving.signal },
    )
    await eventually(async () => expect(await running()).toHaveLength(1))
    const [id = ''] = await running()
    leaving.abort()
    await expect(create).rejects.toThrow('Request was aborted')
    await eventually(async () => {
      expect((await sandpit.runner.find(id))?.status).toBe('canceled')
    })
  })

  const pictured = (url: string) => {
    const part = { type: 'image_url', image_url: { url } }
    return { model: 'team/chat', messages: [{ role: 'user', content: [part] }] }
  }
  const pictureParam = { param: 'messages[0].content[0].image_url' }

  const bad: readonly (readonly [string, object | string, object])[] = [
    ['no model', { messages: [user('x')] }, { param: 'model' }],
    [
      'an unknown model',
      { model: 'team/none', messages: [user('x')] },
      { code: 'model_not_found' },
    ],
    [
      'a model of pictures',
      { model: 'team/picture', messages: [user('x')] },
      { param: 'model', message: expect.stringContaining('POST /v1/predictions') },
    ],
    [
      'a model of embeddings',
      { model: 'team/vectors', messages: [user('x')] },
      { param: 'model', message: expect.stringContaining('POST /openai/v1/embeddings') },
    ],
    ['the address of a file', pictured('file:///etc/passwd'), pictureParam],
    ['no address', pictured('picture.png'), pictureParam],
    [
      'a format that is a text',
      { model: 'team/chat', messages: [user('x')], response_format: 'json' },
      { param: 'response_format' },
    ],
    ['no messages', { model: 'team/chat', messages: [] }, { param: 'messages' }],
    [
      'a role',
      { model: 'team/chat', messages: [{ role: 'tool', content: 'x' }] },
      { param: 'messages[0]' },
    ],
    [
      'a part',
      { model: 'team/chat', messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      { param: 'messages[0].content[0]' },
    ],
    [
      'choices',
      { model: 'team/chat', messages: [user('x')], n: 2 },
      { param: 'n', code: 'unsupported_parameter' },
    ],
    [
      'tools',
      { model: 'team/chat', messages: [user('x')], tools: [{}] },
      { param: 'tools', code: 'unsupported_parameter' },
    ],
    [
      'a format',
      { model: 'team/chat', messages: [user('x')], response_format: { type: 'json_object' } },
      { param: 'response_format' },
    ],
    [
      'a type',
      { model: 'team/chat', messages: [user('x')], temperature: 'hot' },
      {
        param: 'temperature',
        message: expect.stringMatching(/^temperature: /),
      },
    ],
    ['a choice', { model: 'team/chat', messages: [user('x')], mood: 'sad' }, { param: 'mood' }],
    ['broken JSON', '{', { type: 'invalid_request_error' }],
  ]
  it.each(bad)('refuses %s', async (_, body, error) => {
    const answer = await sandpit.post('/chat/completions', body)
    expect([400, 404]).toContain(answer.status)
    expect(await answer.json()).toMatchObject({
      error: { message: expect.any(String), type: 'invalid_request_error', ...error },
    })
  })

  it('asks for a token', async () => {
    const wrong = sandpit.client.withOptions({ apiKey: 'wrong' })
    await expect(wrong.models.list()).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    })
  })

  it('names what there is in place of an unknown address', async () => {
    await expect(sandpit.client.responses.create({ model: 'x', input: 'x' })).rejects.toMatchObject(
      {
        status: 404,
        message: expect.stringContaining('POST /openai/v1/chat/completions'),
      },
    )
  })
})

/** Ids of the runs that have not ended. */
async function running(): Promise<readonly string[]> {
  const headers = { Authorization: 'Bearer a-token-for-tests' }
  const { results } = await (await fetch(`${sandpit.url}/v1/predictions`, { headers })).json()
  return results
    .filter(({ status }: { status: string }) => status === 'starting' || status === 'processing')
    .map(({ id }: { id: string }) => id)
}
