import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../../src/domain/json/json.ts'
import { generations } from '../../support/cog-generations.ts'
import { asking, doing, fileBytes, hello, textOutput, worker } from '../../support/cog-models.ts'
import type { CogModel } from '../../support/cog-run.ts'
import { cogSandpit, cogServer } from '../../support/cog-sandpit.ts'
import { eventually } from '../../support/eventually.ts'

const name = 'team/model'

describe.each(generations)('a model in a container of Cog %s', (generation) => {
  it('says hello, with what was measured', async () => {
    const server = await cogServer({ model: hello, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const made = await sandpit.run(name, { name: 'Grüße 👋' })
    expect(made).toMatchObject({ status: 'succeeded', output: 'hello Grüße 👋', provider: 'cog' })
    expect(made.metrics.predict_time).toBeGreaterThanOrEqual(0)
    expect(made.remote).toBe(`${server.origin}/predictions/${made.id}`)
    expect(server.starts()).toBe(1)
  })

  it('fails with what the model threw, its traceback in the logs', async () => {
    const model = doing(() => Promise.reject(new Error('CUDA out of memory')))
    const server = await cogServer({ model, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const { status, error, logs } = await sandpit.run(name)
    expect({ status, error }).toEqual({ status: 'failed', error: 'CUDA out of memory' })
    expect(logs).toContain('Traceback')
  })

  it('names the inputs that the container refuses', async () => {
    const server = await cogServer({ model: hello, generation })
    const sandpit = await cogSandpit({
      models: { [name]: [server] },
      limits: { healthEveryMs: 60_000 },
    })
    await sandpit.model(name)
    // Its schema has changed, and the server has not read it yet.
    const steps = { type: 'integer', maximum: 50, default: 90 }
    server.intercept((request, response, body) => {
      if (request.method !== 'PUT') return false
      const input = (body as { input: object }).input
      server.intercept(null)
      return forward(server.origin, request.url ?? '', { input: { ...input, steps: 90 } }, response)
    })
    server.serveSame({ ...hello, input: asking({ name: { type: 'string' }, steps, size: steps }) })
    const { status, error } = await sandpit.run(name, { name: 'x' })
    expect(status).toBe('failed')
    expect(error).toMatch(/size: Field required\. /i)
    expect(error).toMatch(/steps: .*50\./)
  })

  it('shows what it makes while it makes it', async () => {
    const parts = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const model: CogModel = {
      input: asking({}),
      output: iterator,
      streams: true,
      async *predict(_, { log }) {
        log('one\n')
        yield 'one '
        await parts[0]?.promise
        yield 'two '
        await parts[1]?.promise
        log('three\n')
        yield 'three'
      },
    }
    const server = await cogServer({ model, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
    const id = await sandpit.press(name)
    const first = await sandpit.until(id, ({ output }) => output !== null)
    expect(first).toMatchObject({ status: 'processing', output: ['one '], logs: 'one\n' })
    parts[0]?.resolve()
    await sandpit.until(id, ({ output }) => String(output) === 'one ,two ')
    parts[1]?.resolve()
    const made = await sandpit.settled(id)
    expect(made).toMatchObject({ status: 'succeeded', output: ['one ', 'two ', 'three'] })
    expect(made.logs).toBe('one\nthree\n')
  })

  it('keeps each file that it makes, once', async () => {
    const model: CogModel = {
      input: asking({}),
      output: { ...iterator, 'x-cog-array-display': '', items: { type: 'string', format: 'uri' } },
      async *predict() {
        for (const text of ['a', 'b', 'c']) yield dataUri(text)
      },
    }
    const server = await cogServer({ model, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
    const made = await sandpit.run(name)
    expect(made.status).toBe('succeeded')
    expect(made.files.map((file) => file.name)).toEqual([
      'output.txt',
      'output-2.txt',
      'output-3.txt',
    ])
    const texts = made.files.map(async (file) => sandpit.page(sandpit.paths.file(file)))
    expect(await Promise.all(texts)).toEqual(['a', 'b', 'c'])
  })

  it('cancels, and is free for the next', async () => {
    const { model, finish } = worker()
    const server = await cogServer({ model, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const id = await sandpit.press(name)
    await eventually(() => server.working() === 1)
    await sandpit.visitor.post(sandpit.paths.cancellation(id), {})
    if (generation === '0.9') {
      await sandpit.until(id, ({ logs }) => logs.includes('cannot cancel'))
      finish()
    }
    expect(await sandpit.settled(id)).toMatchObject({ status: 'canceled', error: null })
    expect(server.working()).toBe(0)
  })
})

it('cancels in Cog 0.9 what it is asked to report', async () => {
  const { model } = worker()
  const server = await cogServer({ model, generation: '0.9' })
  const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
  const id = await sandpit.press(name)
  await sandpit.until(id, ({ logs }) => logs === 'working\n')
  await sandpit.visitor.post(sandpit.paths.cancellation(id), {})
  expect(await sandpit.settled(id)).toMatchObject({ status: 'canceled', logs: 'working\n' })
  await eventually(() => server.working() === 0)
  expect(server.starts()).toBe(1)
})

it('asks Cog 0.9 anew, and waits, when it turns out that it cannot report', async () => {
  const { model, finish } = worker()
  const server = await cogServer({ model, generation: '0.9' })
  const environment = { SANDPIT_CALLBACK_URL: 'http://127.0.0.1:1' }
  const sandpit = await cogSandpit({ models: { [name]: [server] }, environment })
  const id = await sandpit.press(name)
  await eventually(() => server.starts() === 2)
  finish()
  expect(await sandpit.settled(id)).toMatchObject({ status: 'succeeded', output: 'done' })
})

const iterator = {
  type: 'array',
  items: { type: 'string' },
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
} as const

function dataUri(text: string, type = 'text/plain'): string {
  return `data:${type};base64,${Buffer.from(text).toString('base64')}`
}

async function forward(
  origin: string,
  path: string,
  body: object,
  response: import('node:http').ServerResponse,
): Promise<boolean> {
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch(`${origin}${path}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(body),
  })
  response.writeHead(answer.status, { 'Content-Type': 'application/json' })
  response.end(await answer.text())
  return true
}

describe('an output that is not what its schema promises', () => {
  const uri = { type: 'string', format: 'uri' }
  const object = (properties: JsonObject, required = Object.keys(properties)) => ({
    type: 'object',
    title: 'Output',
    properties,
    required,
  })
  const item = object({ text: { type: 'string' }, mask: uri })

  /** An output, the part that is kept, and whether the logs have a note. */
  const made: readonly [
    what: string,
    schema: JsonObject,
    output: Json,
    kept: Json,
    note: RegExp,
  ][] = [
    [
      'null for an optional text and file',
      object({ text: { type: 'string' }, note: { type: 'string' }, mask: uri }, ['text']),
      { text: 'hello', note: null, mask: null },
      { text: 'hello', note: null, mask: null },
      /^$/,
    ],
    [
      'null within objects in lists',
      object({ items: { type: 'array', items: item } }),
      {
        items: [
          { text: 'a', mask: null },
          { text: null, mask: 'data:text/plain;base64,YQ==' },
        ],
      },
      {
        items: [
          { text: 'a', mask: null },
          { text: null, mask: expect.stringMatching(/^sandpit:/) },
        ],
      },
      /does not fit/,
    ],
    ['null in a list', { type: 'array', items: uri }, [null], [null], /^$/],
    ['null', textOutput, null, null, /^$/],
    ['null in a list that grows', iterator, [null, 'a'], [null, 'a'], /^$/],
    ['a number for a text', textOutput, 42, 42, /^The output does not fit the model's schema: /],
    ['a text for a list', iterator, 'all of it', ['all of it'], /does not fit/],
    ['objects for a text', { type: 'string', enum: ['a'] }, [{ b: 1 }], [{ b: 1 }], /does not fit/],
  ]

  it.each(made)('is kept: %s', async (_, output, value, kept, note) => {
    const model: CogModel = { input: asking({}), output, predict: async () => value }
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
    const ended = await sandpit.run(name)
    expect(ended).toMatchObject({ status: 'succeeded', output: kept, error: null })
    expect(ended.logs).toMatch(note)
  })

  it.each([
    ['numbers that JSON lacks', '{"a":NaN,"b":[-Infinity]}', { a: 'NaN', b: ['-Infinity'] }],
    ['a text with their names', '"NaN \\"Infinity"', 'NaN "Infinity'],
  ])('is kept as it was written: %s', async (_, text, output) => {
    const server = await cogServer({ model: doing(async () => '', {}) })
    server.intercept(({ method }, response) => {
      if (method !== 'PUT') return false
      response.setHeader('Content-Type', 'application/json')
      response.end(`{"status":"succeeded","output":${text},"metrics":{"score":NaN}}`)
      return true
    })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    expect(await sandpit.run(name)).toMatchObject({ status: 'succeeded', output })
  })

  it('is kept of a run that its container aborted', async () => {
    const server = await cogServer({ model: doing(async () => '') })
    server.intercept(({ method }, response) => {
      if (method !== 'PUT') return false
      response.setHeader('Content-Type', 'application/json')
      response.end('{"status":"aborted","output":"a part","logs":"no line end"}')
      return true
    })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const ended = await sandpit.run(name)
    expect(ended).toMatchObject({ status: 'failed', output: 'a part' })
    expect(ended.error).toContain('canceled this run')
  })

  it('has its note on a line of its own', async () => {
    const model = doing(
      async ({ log }) => {
        log('no line end')
        return 'a'
      },
      { type: 'integer' },
    )
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    expect((await sandpit.run(name)).logs).toMatch(/^no line end\nThe output does not fit/)
  })

  it.each(['0.16', 'coglet'] as const)('is kept item by item (%s)', async (generation) => {
    const model: CogModel = {
      input: asking({}),
      output: { ...iterator, items: { type: 'string' } },
      streams: true,
      async *predict() {
        for (const value of ['a', null, 3]) yield value
      },
    }
    const server = await cogServer({ model, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
    const ended = await sandpit.run(name)
    expect(ended).toMatchObject({ status: 'succeeded', output: ['a', null, 3] })
    expect(ended.logs.match(/does not fit/g)).toHaveLength(1)
  })

  it('stays when the run fails after it, and why it failed is readable', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    server.intercept((request, response) => {
      if (request.method !== 'PUT') return false
      response.end('{"status":"failed","output":{"a":null},"error":{"code":42},"logs":7}')
      return true
    })
    const ended = await sandpit.run(name, { name: 'x' })
    expect(ended).toMatchObject({ status: 'failed', output: { a: null }, error: '{"code":42}' })
  })
})

describe('files', () => {
  const sizes: CogModel = {
    input: asking({ file: { type: 'string', format: 'uri', title: 'File' } }),
    output: { type: 'object', properties: { bytes: { type: 'integer' }, by: { type: 'string' } } },
    async predict({ file }) {
      const by = String(file).slice(0, 4)
      return { bytes: (await fileBytes(String(file))).length, by }
    },
  }
  const upload = (bytes: number) => new File([new Uint8Array(bytes)], 'in.bin')

  it.each([10_000, 30 * 2 ** 20])(
    'go within the request where it cannot fetch them (%i)',
    async (bytes) => {
      const server = await cogServer({ model: sizes })
      const sandpit = await cogSandpit({ models: { [name]: [server] } })
      const { output } = await sandpit.run(name, { file: upload(bytes) })
      expect(output).toEqual({ bytes, by: 'data' })
    },
  )

  it('go within the request with the type that their name and bytes say', async () => {
    const server = await cogServer({ model: sizes })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const wav = Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')
    const sent: readonly [name: string, content: string | Uint8Array<ArrayBuffer>, type: string][] =
      [
        ['a.csv', 'a,b\n1,2\n', 'text/csv'],
        ['a.srt', '1\n00:00 --> 00:01\nHi\n', 'application/x-subrip'],
        ['a.json', JSON.stringify({ a: 'x'.repeat(9_000) }), 'application/json'],
        ['a.wav', new Uint8Array(wav), 'audio/x-wav'],
        ['a.tiff', new Uint8Array([0x49, 0x49, 42, 0, 9, 9, 9, 0, 1, 2]), 'image/tiff'],
      ]
    for (const [file, content, type] of sent) {
      await sandpit.run(name, { file: new File([content], file) })
      const { input } = server.bodies.at(-1) as { input: { file: string } }
      expect(input.file.slice(0, 60)).toMatch(new RegExp(`^data:${type};base64,`))
    }
  })

  it('go within the request the second time, when a container cannot fetch them', async () => {
    const server = await cogServer({ model: sizes })
    const environment = { SANDPIT_CALLBACK_URL: 'http://127.0.0.1:1' }
    server.intercept((request, response, body) => {
      if (
        request.method !== 'PUT' ||
        !JSON.stringify(body).includes('http://127.0.0.1:1/hooks/files')
      )
        return false
      const error = "HTTPConnectionPool(host='127.0.0.1', port=1): Max retries exceeded"
      response.end(JSON.stringify({ status: 'failed', error }))
      return true
    })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, environment })
    const made = await sandpit.run(name, { file: upload(10_000) })
    expect(made).toMatchObject({ status: 'succeeded', output: { bytes: 10_000, by: 'data' } })
    expect(server.starts()).toBe(1)
  })

  it('are fetched from us where it reaches us, under their names, until the run is over', async () => {
    const server = await cogServer({ model: sizes })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
    const { output } = await sandpit.run(name, { file: upload(10_000) })
    expect(output).toEqual({ bytes: 10_000, by: 'http' })
    const [{ input }] = server.bodies as [{ input: { file: string } }]
    expect(input.file).toMatch(/\/hooks\/files\/[a-z2-7]{26}\.1\.[\w-]{43}\/[\w.-]+\/in\.bin$/)
    await eventually(async () => (await fetch(input.file)).status === 404)
  })

  it('are refused by name when they are large and cannot be fetched', async () => {
    const server = await cogServer({ model: sizes })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const { status, error } = await sandpit.run(name, { file: upload(65 * 2 ** 20) })
    expect(status).toBe('failed')
    expect(error).toMatch(/^file: .*65 MB.* 64 MB within a request\. Set SANDPIT_CALLBACK_URL/)
    expect(server.starts()).toBe(0)
  })

  it('are found wherever they are in an output, and copied from the container itself', async () => {
    const uri = { type: 'string', format: 'uri' }
    const server = await cogServer({
      model: {
        input: asking({}),
        output: {
          type: 'object',
          properties: { picture: uri, more: { type: 'array', items: uri }, note: textOutput },
        },
        async predict() {
          const own = `${server.origin}/made/one.txt`
          const missing = 'http://127.0.0.1:1/secret.txt'
          return { picture: dataUri('p'), more: [own, missing], note: 'http://127.0.0.1:1/' }
        },
      },
    })
    server.intercept((request, response) => {
      if (request.url !== '/made/one.txt') return false
      response.end('made')
      return true
    })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const made = await sandpit.run(name)
    expect(made.status).toBe('succeeded')
    expect(made.files.map((file) => file.name)).toEqual(['output.txt', 'one.txt'])
    expect(made.output).toMatchObject({
      more: [expect.stringMatching(/^sandpit:/), 'http://127.0.0.1:1/secret.txt'],
      note: 'http://127.0.0.1:1/',
    })
    expect(made.logs).toContain('could not be copied')
  })
})

it('sends secrets and never shows them', async () => {
  const key = { type: 'string', format: 'password', 'x-cog-secret': true }
  const model: CogModel = {
    input: asking({ key }),
    output: textOutput,
    predict: async ({ key: given }) => (given === 'hunter2' ? 'right' : 'wrong'),
  }
  const server = await cogServer({ model })
  const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
  const made = await sandpit.run(name, { key: 'hunter2' })
  expect(made.output).toBe('right')
  expect(JSON.stringify(made)).not.toContain('hunter2')
})

it('shares the load of a model among its containers, one run in each', async () => {
  const workers = [worker(), worker()]
  const servers = await Promise.all(workers.map(({ model }) => cogServer({ model })))
  const sandpit = await cogSandpit({ models: { [name]: servers } })
  expect((await sandpit.model(name)).limits.copies).toBe(2)
  const ids = [await sandpit.press(name), await sandpit.press(name), await sandpit.press(name)]
  await eventually(() => servers.every((server) => server.working() === 1))
  expect(await sandpit.runner.find(ids[2] ?? '')).toMatchObject({ status: 'starting' })
  workers[0]?.finish('from the first')
  const made = await Promise.all(ids.slice(0, 1).map((id) => sandpit.settled(id)))
  expect(made[0]).toMatchObject({ status: 'succeeded' })
  workers[1]?.finish('from the second')
  for (const id of ids) expect((await sandpit.settled(id)).status).toBe('succeeded')
  expect(servers.reduce((sum, server) => sum + server.starts(), 0)).toBe(3)
})

it('waits for the set-up, and says so', async () => {
  const server = await cogServer({ model: hello, booting: true })
  const sandpit = await cogSandpit({ models: { [name]: [server] } })
  const id = await sandpit.press(name, { name: 'x' })
  const waiting = await sandpit.until(id, ({ progress }) => progress !== null)
  expect(waiting).toMatchObject({
    status: 'starting',
    progress: { label: 'Its container is starting' },
  })
  server.become('READY')
  expect(await sandpit.settled(id)).toMatchObject({ status: 'succeeded', progress: null })
})

it('waits while somebody else keeps the container busy', async () => {
  const { model, finish } = worker()
  const server = await cogServer({ model })
  const elsewhere = fetch(`${server.origin}/predictions/theirs`, {
    method: 'PUT',
    body: '{"input":{}}',
  })
  await eventually(() => server.working() === 1)
  const sandpit = await cogSandpit({ models: { [name]: [server] } })
  const id = await sandpit.press(name)
  await sandpit.until(
    id,
    ({ progress }) => progress?.label === 'Its container is busy with something else',
  )
  finish()
  await elsewhere
  expect((await sandpit.settled(id)).status).toBe('succeeded')
  expect(server.starts()).toBe(2)
})

it('asks no container for reports that do not arrive, but the first time', async () => {
  const server = await cogServer({ model: hello })
  const environment = { SANDPIT_CALLBACK_URL: 'http://127.0.0.1:1' }
  const sandpit = await cogSandpit({ models: { [name]: [server] }, environment })
  const first = await sandpit.run(name, { name: 'x' })
  expect(first).toMatchObject({ status: 'succeeded', output: 'hello x' })
  expect(first.logs).toContain('cannot reach SANDPIT_CALLBACK_URL')
  expect((await sandpit.run(name, { name: 'y' })).logs).toBe('')
  expect(server.bodies.map((body) => 'webhook' in (body as object))).toEqual([true, false])
})

describe('an output that is too large to be kept with its prediction', () => {
  const made = async (output: Json, schema: JsonObject = {}) => {
    const model: CogModel = {
      input: asking({}),
      output: { title: 'Output', ...schema },
      predict: async () => output,
    }
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    return { sandpit, prediction: await sandpit.run(name) }
  }

  it('is read beside the event loop and kept as a file', async () => {
    const text = 'é𝒳 "quoted"\n'.repeat(300_000)
    const { prediction } = await made(text)
    expect(prediction).toMatchObject({
      status: 'succeeded',
      output: expect.stringMatching(/^sandpit:[a-z2-7]{26}\/output\.txt$/),
      excerpt: { form: 'text', length: text.length },
      files: [{ name: 'output.txt', size: Buffer.byteLength(text) }],
    })
    const rows = Array.from({ length: 60_000 }, (_, id) => ({ id, name: `row ${id}` }))
    const table = (await made(rows)).prediction
    expect(table).toMatchObject({
      output: expect.stringMatching(/\/output\.json$/),
      excerpt: { form: 'list', length: 60_000, columns: ['id', 'name'] },
    })
  })

  it('is small when it is large only by the files in it', async () => {
    const picture = `data:image/png;base64,${Buffer.alloc(2_000_000, 7).toString('base64')}`
    const { prediction } = await made({ picture, caption: 'large' })
    expect(prediction).toMatchObject({
      excerpt: null,
      output: { picture: expect.stringMatching(/^sandpit:/), caption: 'large' },
      files: [{ size: 2_000_000 }],
    })
  })
})
