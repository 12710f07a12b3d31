import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type ApiServer, mismatches, pixel, startApi, token } from './support.ts'

let sandpit: ApiServer
let ask: ApiServer['ask']
beforeAll(async () => {
  sandpit = await startApi()
  ask = sandpit.ask
})
afterAll(() => sandpit.stop())
afterEach(async () => expect(await mismatches()).toEqual([]))

interface Made {
  readonly id: string
  readonly status: string
  readonly output: unknown
  readonly input: Record<string, unknown>
  readonly urls: Readonly<Record<'get' | 'cancel' | 'web' | 'stream', string>>
}

const run = (model: string, input: unknown, headers: Record<string, string> = {}, more = {}) =>
  ask('/v1/predictions', { json: { version: model, input, ...more }, headers })
const made = async (response: Response) => {
  expect(response.status).toBeLessThan(300)
  return (await response.json()) as Made
}
const wait = { Prefer: 'wait' }
const problem = async (response: Response | Promise<Response>) => {
  const { status } = await response
  const json = (await (await response).json()) as Record<string, unknown>
  expect(json.status).toBe(status)
  return json
}

describe('making a prediction', () => {
  it('answers at once with where it is', async () => {
    const response = await run('test/slow', {})
    expect(response.status).toBe(201)
    const { id, urls, ...prediction } = await made(response)
    expect(response.headers.get('Location')).toBe(urls.get)
    expect(response.headers.get('Preference-Applied')).toBeNull()
    expect(prediction).toMatchObject({
      status: 'starting',
      output: null,
      error: null,
      source: 'api',
    })
    expect(id).toMatch(/^[a-z2-7]{26}$/)
    expect(urls).toMatchObject({
      get: `${sandpit.url}/v1/predictions/${id}`,
      cancel: `${sandpit.url}/v1/predictions/${id}/cancel`,
      web: `${sandpit.url}/p/${id}`,
    })
    await ask(urls.cancel, { method: 'POST' })
  })

  it.each([
    ['wait', 'wait=60'],
    ['wait=7', 'wait=7'],
    ['respond-async, wait=99', 'wait=60'],
  ])('waits for its output when it is asked to by Prefer: %s', async (prefer, applied) => {
    const response = await run('test/echo', { text: 'x' }, { Prefer: prefer })
    expect(response.headers.get('Preference-Applied')).toBe(applied)
    expect(response.status).toBe(201)
    expect((await made(response)).output).toBe('x')
  })

  it('says starting when the wait was too short, whatever it really is', async () => {
    const response = await run('test/slow', {}, { Prefer: 'wait=1' })
    expect(response.status).toBe(202)
    const { status, urls } = await made(response)
    expect(status).toBe('starting')
    await eventually(async () =>
      expect(await made(await ask(urls.get))).toMatchObject({ status: 'processing' }),
    )
    const canceled = await made(await ask(urls.cancel, { method: 'POST' }))
    expect(canceled.status).toBe('canceled')
    expect(await made(await ask(urls.cancel, { method: 'POST' }))).toEqual(canceled)
  })

  it('ends it at its deadline, and says canceled if it had not begun', async () => {
    const response = await run('test/slow', {}, { 'Cancel-After': '5s' })
    const prediction = (await made(response)) as Made & { deadline: string; created_at: string }
    expect(Date.parse(prediction.deadline) - Date.parse(prediction.created_at)).toBeLessThan(5_100)
    await eventually(async () => {
      const { status } = await made(await ask(prediction.urls.get))
      expect(status).toBe('canceled')
    })
  })

  it.each(['4', '4s', 'soon', '', '1d', '-5', '9999999h'])(
    'refuses Cancel-After: %s',
    async (after) => {
      const response = await run('test/echo', { text: 'x' }, { 'Cancel-After': after })
      expect(await problem(response)).toMatchObject({
        status: 422,
        invalid_fields: [expect.objectContaining({ field: 'Cancel-After' })],
      })
    },
  )

  it('keeps the digits of long integers', async () => {
    const body = '{"version":"test/echo","input":{"text":"x","extra":12345678901234567891}}'
    const response = await ask('/v1/predictions', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...wait },
    })
    const text = await response.text()
    expect(text).toContain('"extra":12345678901234567891')
  })

  it('drops inputs that the model does not have, silently', async () => {
    const { input } = await made(await run('test/echo', { text: 'x', mystery: { a: 1 } }, wait))
    expect(input).toEqual({ text: 'x' })
  })

  it('takes a body of 5 MB, and answers as much by its address', async () => {
    const text = 'a'.repeat(5 * 2 ** 20)
    const { output } = await made(await run('test/echo', { text }, wait))
    const whole = await (await fetch(String(output))).text()
    expect(whole === text).toBe(true)
  })

  it('shows no secret', async () => {
    const prediction = await made(await run('test/keeper', { password: 'hunter2' }, wait))
    expect(prediction).toMatchObject({
      input: { password: '[REDACTED]' },
      output: 'It has 7 characters.',
    })
    expect(await problem(run('test/keeper', { password: '[REDACTED]' }))).toMatchObject({
      status: 422,
    })
  })

  it('echoes its webhook', async () => {
    const webhook = 'https://example.com/hook'
    const more = { webhook, webhook_events_filter: ['completed'] }
    expect(await made(await run('test/echo', { text: 'x' }, {}, more))).toMatchObject(more)
  })
})

describe('the webhook of Python’s client 1.x', () => {
  const webhook_completed = 'https://example.com/done'

  it('is told of the end alone', async () => {
    for (const path of ['/v1/predictions', '/v1/models/test/echo/predictions']) {
      const version = path.includes('models') ? {} : { version: 'test/echo' }
      const json = { ...version, input: { text: 'x' }, webhook_completed }
      expect(await made(await ask(path, { json }))).toMatchObject({
        webhook: webhook_completed,
        webhook_events_filter: ['completed'],
      })
    }
  })

  it('is not taken beside another', async () => {
    const more = { webhook: 'https://example.com/other', webhook_completed }
    expect(await problem(run('test/echo', { text: 'x' }, {}, more))).toMatchObject({
      status: 422,
      invalid_fields: [{ field: 'webhook_completed' }],
    })
  })
})

describe('the metadata of a file', () => {
  const upload = async (parts: Readonly<Record<string, string | Blob | readonly string[]>>) => {
    const body = new FormData()
    body.append('content', new Blob(['a']), 'a.txt')
    for (const [name, texts] of Object.entries(parts))
      for (const text of typeof texts === 'string' || texts instanceof Blob ? [texts] : texts)
        body.append(name, text)
    return ask('/v1/files', { method: 'POST', body })
  }

  it.each([
    [
      { 'metadata[a]': '1', 'metadata[b c]': 'two' },
      { a: '1', 'b c': 'two' },
    ],
    [{ metadata: '{"a":1}' }, { a: 1 }],
    [
      { metadata: '{"a":1}', 'metadata[b]': 'two' },
      { a: 1, b: 'two' },
    ],
    [{}, {}],
    [{ metadata: '' }, {}],
    [{ metadata: 'null' }, {}],
    [{ metadata: new Blob(['{"a":1}']) }, { a: 1 }],
    [{ 'metadata[a]': new Blob(['1']) }, { a: '1' }],
    [{ 'metadata[a][b]': '1', 'metadata[a][c][d]': '2' }, { a: { b: '1', c: { d: '2' } } }],
    [{ 'metadata[tags][]': ['one', 'two'] }, { tags: ['one', 'two'] }],
  ])('is read of %j', async (parts, metadata) => {
    const response = await upload(parts)
    expect(response.status).toBe(201)
    expect((await response.json()).metadata).toEqual(metadata)
  })

  it.each([
    { metadata: '[]' },
    { metadata: 'text' },
    { 'metadata[]': 'a' },
    { 'metadata[a': 'a' },
    { 'metadata[a]': 'x', 'metadata[a][b]': 'y' },
    { 'metadata[a][b]': 'y', 'metadata[a]': 'x' },
    { 'metadata[a][]': 'x', 'metadata[a][b]': 'y' },
    { [`metadata${'[a]'.repeat(2_000)}`]: 'x' },
    { 'metadata[a]': new Blob(['字'.repeat(30_000)]) },
  ])('is refused when it is no object: %j', async (parts) => {
    expect((await upload(parts)).status).toBe(422)
  })

  it('is refused when it is too large', async () => {
    expect((await upload({ 'metadata[a]': 'x'.repeat(70_000) })).status).toBe(422)
  })
})

describe('a wrong input', () => {
  it.each([
    [{}, 'input', 'required', 'text is required'],
    [{ text: 5 }, 'input.text', 'invalid_type', 'Invalid type. Expected: string, given: integer'],
    [{ text: '' }, 'input.text', 'string_gte', /greater than or equal to 1/],
    [{ text: 'x', times: 0 }, 'input.times', 'number_gte', 'Must be greater than or equal to 1'],
    [{ text: 'x', times: 5 }, 'input.times', 'number_lte', 'Must be less than or equal to 4'],
    [{ text: 'x', times: 1.5 }, 'input.times', 'invalid_type', /Expected: integer, given: number/],
    [{ text: 'x', times: '2' }, 'input.times', 'invalid_type', /Expected: integer, given: string/],
    [{ text: 'x', on: 'yes' }, 'input.on', 'invalid_type', /Expected: boolean, given: string/],
    [
      { text: 'x', style: 'mute' },
      'input.style',
      'enum',
      'style must be one of the following: "loud", "quiet"',
    ],
    [{ text: 'x', tags: 'a' }, 'input.tags', 'invalid_type', /Expected: array, given: string/],
    [
      { text: 'x', tags: ['a', 'toolong'] },
      'input.tags.1',
      'string_lte',
      /less than or equal to 5/,
    ],
    [{ text: 'x', tags: ['a', 'b', 'c', 'd'] }, 'input.tags', 'array_max_items', /at most 3/],
    [
      { text: 'x', moods: ['sad', 'glad'] },
      'input.moods.1',
      'enum',
      'moods must be one of the following: "sad", "mad"',
    ],
  ])('%j is refused for %s', async (input, field, type, description) => {
    const answer = await problem(run('test/echo', input))
    expect(answer).toMatchObject({
      status: 422,
      title: 'Input validation failed',
      invalid_fields: [{ field, type, description: expect.stringMatching(description) }],
    })
    const [wrong] = answer.invalid_fields as [{ description: string }]
    expect(answer.detail).toBe(`- ${field}: ${wrong.description}\n`)
  })

  it('names every field that is wrong', async () => {
    const { invalid_fields } = await problem(run('test/echo', { times: 0, on: 1 }))
    expect(invalid_fields).toHaveLength(3)
  })

  it('that is the client itself, with its token, is neither run nor kept', async () => {
    const leaked = {
      auth: token,
      baseUrl: sandpit.url,
      fileEncodingStrategy: 'data-uri',
      text: 'x',
    }
    const answer = await problem(run('test/echo', leaked))
    expect(answer).toMatchObject({ status: 422, detail: expect.stringContaining('data-uri') })
    expect(JSON.stringify(answer)).not.toContain(token)
  })
})

describe('a wrong request', () => {
  const post = (body: string, type = 'application/json') =>
    ask('/v1/predictions', { method: 'POST', body, headers: { 'Content-Type': type } })

  it.each([
    ['{"input":{}}', 422, [{ type: 'required', field: '', description: 'version is required' }]],
    [
      '{"version":"test/echo","input":{},"model":"x"}',
      422,
      [
        {
          type: 'additional_property_not_allowed',
          field: '',
          description: 'Additional property model is not allowed',
        },
      ],
    ],
    [
      '{"version":"test/echo","input":[]}',
      422,
      [expect.objectContaining({ type: 'invalid_type', field: 'input' })],
    ],
    [
      '{"version":5,"input":{}}',
      422,
      [expect.objectContaining({ type: 'invalid_type', field: 'version' })],
    ],
    ['[]', 422, [expect.objectContaining({ type: 'invalid_type', field: '' })]],
    [
      '{"version":"test/echo","input":{"text":"x"},"webhook":"ftp://x"}',
      422,
      [expect.objectContaining({ type: 'format', field: 'webhook' })],
    ],
    [
      '{"version":"test/echo","input":{"text":"x"},"webhook":"https://x.test","webhook_events_filter":["end"]}',
      422,
      [
        {
          type: 'enum',
          field: 'webhook_events_filter.0',
          description: expect.stringMatching(/^webhook_events_filter must be one of/),
        },
      ],
    ],
  ])('%s is answered %i', async (body, status, invalid_fields) => {
    expect(await problem(post(body))).toMatchObject({ status, invalid_fields })
  })

  it.each(['', '{', 'null,', '{"version":"test/echo","input":{"text":"x"}'])(
    'is answered 400 when its body is %j',
    async (body) => expect((await post(body)).status).toBe(400),
  )

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'is answered 415 as %s',
    async (type) => expect((await problem(post('{}', type))).status).toBe(415),
  )

  it('is answered 413 when it is too large, with a length or without', async () => {
    const body = `"${'a'.repeat(33 * 2 ** 20)}"`
    expect((await problem(post(body))).status).toBe(413)
    const stream = new Blob([body]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    const headers = { 'Content-Type': 'application/json' }
    expect((await problem(ask('/v1/predictions', { ...init, headers }))).status).toBe(413)
  })

  it.each([
    [
      '100,000 levels deep',
      `{"version":"test/echo","input":{"extra":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`,
    ],
    [
      '100,000 objects deep',
      `{"version":"test/echo","input":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`,
    ],
  ])('is answered 400 when it is %s', async (_what, body) => {
    expect((await problem(post(body))).status).toBe(400)
    expect((await ask('/v1/account')).status).toBe(200)
  })

  it('changes nothing of ours by naming prototypes', async () => {
    const body = (input: string) => `{"version":"test/echo","input":${input}}`
    const hostile =
      '{"text":"x","extra":{"__proto__":{"polluted":true}},"__proto__":{"text":"y"},"constructor":{"prototype":{}}}'
    const response = await ask('/v1/predictions', {
      method: 'POST',
      body: body(hostile),
      headers: { 'Content-Type': 'application/json', ...wait },
    })
    const prediction = await made(response)
    expect(prediction.output).toBe('x')
    expect(prediction.input).not.toHaveProperty('polluted')
    expect(
      (await post('{"version":"test/echo","input":{"text":"x"},"__proto__":{}}')).status,
    ).toBeLessThan(500)
    expect(await problem(post(body('{"__proto__":{"text":"y"}}')))).toMatchObject({ status: 422 })
  })

  it.each([
    'nobody/nothing',
    'test/echo:nope',
    `test/echo:${'0'.repeat(64)}`,
    'f'.repeat(64),
    '',
    '../..',
    '__proto__',
    'test/echo/more',
  ])('is answered 422 for the version %s', async (version) => {
    expect(await problem(run(version, {}))).toMatchObject({
      status: 422,
      title: 'Invalid version or not permitted',
    })
  })

  it('is answered 404 when there is nothing of that name', async () => {
    const none = 'a'.repeat(26)
    for (const path of ['/v1/models/no/body/predictions', `/v1/predictions/${none}/cancel`])
      expect((await problem(ask(path, { json: { input: {} } }))).status).toBe(404)
    for (const path of [
      `/v1/predictions/${none}`,
      '/v1/predictions/x',
      `/v1/files/${none}`,
      '/v1/nothing',
      '/v1',
      `/v1/streams/${none}-AAAAAAAAAAAAAAAAAAAAAA`,
      '/v1/streams/x',
      `/v1/files/${none}/content/AAAA/x.png`,
      `/v1/files/${none}/download?owner=a&expiry=1&signature=b`,
      '/v1/trainings/x',
    ])
      expect((await problem(ask(path))).status).toBe(404)
  })

  it('is answered 405 with the methods there are', async () => {
    const response = await ask('/v1/predictions', { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST'])
    await problem(response)
  })

  it('is answered 401 with a wrong token, wherever it goes', async () => {
    for (const path of ['/v1/predictions', '/v1/nothing', '/v1/files'])
      expect(
        await problem(ask(path, { headers: { Authorization: 'Bearer wrong' } })),
      ).toMatchObject({ status: 401, title: 'Unauthenticated' })
  })
})

describe('a list', () => {
  it('is narrowed by time and by how it was asked for', async () => {
    const { created_at } = (await made(await run('test/echo', { text: 'first' }, wait))) as Made & {
      created_at: string
    }
    const count = async (query: string) => {
      const page = (await (await ask(`/v1/predictions?${query}`)).json()) as { results: unknown[] }
      return page.results.length
    }
    expect(await count(`created_after=${created_at}`)).toBe(1)
    expect(await count(`created_before=1999-01-01T00:00:00Z`)).toBe(0)
    expect(await count('source=web')).toBe(0)
    expect((await ask('/v1/predictions?created_after=yesterday')).status).toBe(422)
    expect((await ask('/v1/predictions?created_after=2026-02-30')).status).toBe(422)
    const day = created_at.slice(0, 10)
    const nextDay = new Date(Date.parse(day) + 24 * 3_600_000).toISOString().slice(0, 10)
    expect(await count(`created_after=${day}`)).toBeGreaterThan(0)
    expect(await count(`created_before=${nextDay}`)).toBeGreaterThan(0)
    expect(await count(`created_after=${nextDay}`)).toBe(0)
    expect(await count('created_before=1999-01-01')).toBe(0)
    expect(await count(`created_after=${created_at.replace('Z', '')}`)).toBe(1)
    expect((await ask('/v1/predictions?source=elsewhere')).status).toBe(422)
  })

  it('ends early when its predictions are long, and goes on', async () => {
    const text = 'b'.repeat(900_000)
    const ids: string[] = []
    for (let one = 0; one < 3; one++)
      ids.push((await made(await run('test/echo', { text }, wait))).id)
    const found: string[] = []
    let next: string | null = `${sandpit.url}/v1/predictions`
    while (next !== null && found.length < ids.length) {
      const page = (await (await ask(next)).json()) as { next: string | null; results: Made[] }
      expect(page.results.length).toBeLessThan(ids.length)
      found.push(...page.results.map(({ id }) => id))
      next = page.next
    }
    expect(found).toEqual(ids.reverse())
  })
})

describe('a stream', () => {
  const events = async (url: string, headers = {}) => {
    const response = await fetch(url, { headers })
    expect(response.headers.get('Content-Type')).toBe('text/event-stream')
    const text = await response.text()
    return text
      .split('\n\n')
      .filter(Boolean)
      .map((block) => {
        const lines = block.split('\n')
        const value = (name: string) =>
          lines
            .filter((line) => line.startsWith(`${name}: `))
            .map((line) => line.slice(name.length + 2))
            .join('\n')
        return { event: value('event'), data: value('data'), id: value('id') }
      })
  }

  it('is replayed whole after the end, and from where one was cut off', async () => {
    const { urls } = await made(await run('test/words', { words: ['a', 'b', 'c'] }, wait))
    const all = await events(urls.stream)
    expect(all.filter(({ event }) => event === 'output').map(({ data }) => data)).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(all.some(({ event, data }) => event === 'logs' && data.includes('writing b'))).toBe(true)
    expect(all.at(-1)).toMatchObject({ event: 'done', data: '{}' })
    const first = all.findIndex(({ data }) => data === 'a')
    const rest = await events(urls.stream, { 'Last-Event-ID': all[first]?.id ?? '' })
    expect(rest).toEqual(all.slice(first + 1))
    expect(await events(urls.stream, { 'Last-Event-ID': 'nonsense' })).toEqual(all)
  })

  it('says how a run failed', async () => {
    const { urls } = await made(await run('test/failing', {}, wait))
    const [error, done] = (await events(urls.stream)).slice(-2)
    expect(JSON.parse(error?.data ?? '')).toEqual({ detail: expect.stringContaining('The cat') })
    expect([error?.event, done]).toEqual([
      'error',
      expect.objectContaining({ event: 'done', data: '{"reason":"error"}' }),
    ])
  })

  it('says that a run was canceled while it was watched', async () => {
    const { urls } = await made(await run('test/slow', {}))
    const watched = events(urls.stream)
    await ask(urls.cancel, { method: 'POST' })
    expect((await watched).at(-1)).toMatchObject({ event: 'done', data: '{"reason":"canceled"}' })
  })

  it('gives an output that is one value as one event', async () => {
    const { urls } = await made(await run('test/echo', { text: 'one\nvalue' }, wait))
    expect((await events(urls.stream))[0]).toMatchObject({ event: 'output', data: 'one\nvalue' })
  })

  it('takes no place for who asks only whether it is there', async () => {
    const { urls } = await made(await run('test/slow', {}))
    for (let asked = 0; asked < 600; asked += 50)
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          expect((await fetch(urls.stream, { method: 'HEAD' })).status).toBe(200)
        }),
      )
    const watched = events(urls.stream)
    await ask(urls.cancel, { method: 'POST' })
    expect((await watched).at(-1)).toMatchObject({ event: 'done' })
  })

  it('can only be had by its whole address', async () => {
    const { urls } = await made(await run('test/echo', { text: 'x' }, wait))
    expect((await fetch(urls.stream.slice(0, -1))).status).toBe(404)
    expect((await fetch(urls.get)).status).toBe(401)
  })
})

describe('files', () => {
  const upload = (parts: Record<string, string | Blob>, name?: string) => {
    const body = new FormData()
    for (const [part, content] of Object.entries(parts))
      if (typeof content === 'string') body.append(part, content)
      else body.append(part, content, name ?? 'x.bin')
    return ask('/v1/files', { method: 'POST', body })
  }

  it('are given to a model by their address, and outlive what they came from', async () => {
    const file = (await (
      await upload({ content: new Blob(['of a cat']), filename: 'cat.txt' })
    ).json()) as {
      id: string
      name: string
      urls: { get: string }
    }
    expect(file.name).toBe('cat.txt')
    for (let again = 0; again < 2; again++) {
      const { output, input } = await made(
        await run('test/pictures', { image: file.urls.get }, wait),
      )
      const [data] = output as [string]
      expect(Buffer.from(data.split(',')[1] ?? '', 'base64').toString()).toBe('of a cat')
      expect(await (await fetch(input.image as string)).text()).toBe('of a cat')
      await ask(`/v1/files/${file.id}`, { method: 'DELETE' })
    }
  })

  it('can be downloaded by who has an address signed with the secret', async () => {
    const { id } = (await (await upload({ content: new Blob([pixel]) })).json()) as { id: string }
    const { username } = (await (await ask('/v1/account')).json()) as { username: string }
    const { key } = (await (await ask('/v1/webhooks/default/secret')).json()) as { key: string }
    const expiry = String(Math.floor(Date.now() / 1000) + 60)
    const address = (owner: string, until: string, secret = key) => {
      const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64')
      const signature = createHmac('sha256', bytes)
        .update(`${owner} ${id} ${until}`)
        .digest('base64')
      return `${sandpit.url}/v1/files/${id}/download?${new URLSearchParams({ owner, expiry: until, signature })}`
    }
    const response = await fetch(address(username, expiry))
    expect(response.headers.get('Content-Type')).toBe('image/png')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(pixel)
    for (const wrong of [
      address(username, '1'),
      address(username, expiry).replace(/owner=[^&]+/, 'owner=token-0000000000000000'),
      address(username, expiry, randomBytes(32).toString('base64')),
      address(username, expiry).replace(/expiry=\d+/, 'expiry=9999999999'),
    ])
      expect((await fetch(wrong)).status).toBe(404)
  })

  it('are refused when they are none', async () => {
    expect((await problem(upload({ metadata: '{}' }))).status).toBe(422)
    expect((await problem(upload({ content: new Blob(['x']), metadata: 'no json' }))).status).toBe(
      422,
    )
    expect((await problem(ask('/v1/files', { json: {} }))).status).toBe(415)
    const type = { 'Content-Type': 'multipart/form-data; boundary=x' }
    expect(
      (await problem(ask('/v1/files', { method: 'POST', body: '--x\r\nbroken', headers: type })))
        .status,
    ).toBe(400)
  })
})
