import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileAt, fileRef, fileUri } from '../../../../src/domain/file/file.ts'
import { newId } from '../../../../src/domain/id.ts'
import { isList, type Json } from '../../../../src/domain/json/json.ts'
import { eventually } from '../../support/eventually.ts'
import { createReplica, type ReplicaOptions } from '../../support/replica.ts'
import type { Fault, ScriptedModel } from '../../support/replicate-server.ts'

const text = { type: 'string' }
const file = { type: 'string', format: 'uri' }
const texts = {
  type: 'array',
  items: text,
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
}

async function replica(model: ScriptedModel, options: ReplicaOptions = {}) {
  const made = await createReplica({ 'test/model': model }, options)
  onTestFinished(made.close)
  return { ...made, run: made.run.bind(null, 'test/model') }
}

const done: ScriptedModel = { run: (run) => run.make('done') }

describe('asking Replicate to run', () => {
  it('names the version, and says by when it has to end', async () => {
    const { run, server, find } = await replica({ input: { text }, ...done })
    const version = (await find('test/model'))?.version.id
    await run({ text: 'hello' })
    const [asked] = server.asked('POST predictions')
    expect(JSON.parse(String(asked?.body))).toEqual({
      version: `test/model:${version}`,
      input: { text: 'hello' },
    })
    expect(asked?.headers['cancel-after']).toMatch(/^[67]\ds$/)
  })

  it('names an official model without a version', async () => {
    const { run, server } = await replica({ ...done, shown: { is_official: true } })
    expect((await run()).prediction.output).toBe('done')
    const [asked] = server.asked('POST predictions')
    expect(JSON.parse(String(asked?.body)).version).toBe('test/model')
  })

  it('asks to be called only at an https address of the public internet', async () => {
    const { run, server } = await replica(done)
    const addresses = [
      'https://sandpit.example.com/hooks/replicate/abc',
      'http://sandpit.example.com/hooks/replicate/abc',
      'https://10.0.0.7/hooks/replicate/abc',
      'https://[fd00::1]/hooks/replicate/abc',
      'https://localhost/hooks/replicate/abc',
      'https://sandpit.internal/hooks/replicate/abc',
      'https://sandpit/hooks/replicate/abc',
    ]
    for (const callbackUrl of addresses) await run({}, { given: { callbackUrl } })
    expect(server.runs().map(({ webhook }) => webhook)).toEqual([
      addresses[0],
      ...Array(6).fill(null),
    ])
  })

  it.each<[Fault, RegExp]>([
    [
      { status: 401, body: { title: 'Unauthenticated' } },
      /refused the token in REPLICATE_API_TOKEN/,
    ],
    [
      { status: 402, body: { detail: 'Go to https://replicate.com/account/billing.' } },
      /have enough credit .*billing/,
    ],
    [{ status: 403, body: {} }, /is not allowed to do this/],
    [{ status: 404, body: { detail: 'No such model.' } }, /could not find this. No such model/],
    [
      { status: 409, body: { detail: 'It is being changed.' } },
      /refused the request \(409\). It is being changed/,
    ],
    [
      {
        status: 422,
        body: {
          title: 'Input validation failed',
          detail: '- input: prompt is required\n- input.steps: Must be less than or equal to 4\n',
          invalid_fields: [
            { type: 'required', field: 'input', description: 'prompt is required' },
            {
              type: 'number_lte',
              field: 'input.steps',
              description: 'Must be less than or equal to 4',
            },
          ],
        },
      },
      /does not accept the input. prompt is required. steps: Must be less than or equal to 4.$/,
    ],
    [
      { status: 422, body: { title: 'Invalid version or not permitted' } },
      /Invalid version or not permitted/,
    ],
    [{ status: 302, headers: { Location: 'http://127.0.0.1:1/' } }, /refused the request \(302\)/],
    [{ status: 418, body: 'I am <b>not</b> JSON' }, /refused the request \(418\)/],
  ])('fails with a sentence when it answers %j', async (fault, sentence) => {
    const { run, server } = await replica(done)
    server.failNext('POST predictions', fault)
    const { prediction } = await run()
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toMatch(sentence)
    expect(prediction.remote).toBeNull()
    expect(server.asked('POST predictions')).toHaveLength(1)
  })

  it.each<Fault>([{ status: 500 }, { status: 503 }, 'cut before', 'cut after', 'half', 'garbage'])(
    'does not ask twice when it may have begun: %j',
    async (fault) => {
      const { run, server } = await replica(done)
      server.failNext('POST predictions', fault)
      const { prediction } = await run()
      expect(prediction.status).toBe('failed')
      expect(prediction.error).toMatch(/It may have run there/)
      expect(prediction.remote).toBe('')
      expect(prediction.logs).not.toBe('')
      expect(server.asked('POST predictions')).toHaveLength(1)
    },
  )

  it('gives up on an answer that never comes', async () => {
    const { run, server } = await replica(done, { limits: { requestMs: 200 } })
    server.failNext('POST predictions', 'silence')
    expect((await run()).prediction.error).toMatch(/It may have run there/)
  })

  it('waits as long as it is told when there are too many, and says so', async () => {
    const { run, server } = await replica(done)
    const busy: Fault = {
      status: 429,
      body: { detail: 'Request was throttled.', retry_after: 0.05 },
    }
    server.failNext('POST predictions', busy, { ...busy, headers: { 'Retry-After': '0' } })
    const { prediction, occurrences } = await run()
    expect(prediction).toMatchObject({ status: 'succeeded', output: 'done' })
    expect(prediction.logs).toMatch(/is limiting requests from this account/)
    expect(server.asked('POST predictions')).toHaveLength(3)
    const placed = occurrences.flatMap((one) => (one.type === 'submitted' ? [one.remote] : []))
    expect(placed).toEqual(['', null, '', null, '', expect.stringMatching(/^[a-z2-7]{26}$/)])
  })
})

describe('following a run', () => {
  it.each<[string, readonly Fault[]]>([
    ['trouble of its own', [{ status: 500 }, { status: 503, body: 'busy' }]],
    ['a wrong token for a moment', [{ status: 401 }]],
    ['half an answer, and garbage', ['half', 'garbage', 'half']],
    ['connections that are cut', ['cut before', 'cut after']],
    ['not knowing it yet', [{ status: 404 }, { status: 404 }]],
    ['too many questions', [{ status: 429, headers: { 'Retry-After': '0' } }]],
    ['a redirect', [{ status: 302, headers: { Location: 'http://127.0.0.1:1/' } }]],
  ])('bears %s', async (_, faults) => {
    const { run, server } = await replica(done)
    server.failNext('GET predictions', ...faults)
    expect((await run()).prediction).toMatchObject({ status: 'succeeded', output: 'done' })
    expect(server.asked('POST predictions')).toHaveLength(1)
  })

  it('gives up when nothing is heard for long, and says what it is called there', async () => {
    const { run, server } = await replica(
      { run: (run) => run.work(60_000) },
      { limits: { patienceMs: 200, cancelMs: 200 } },
    )
    server.fail(({ path }) => (path.startsWith('predictions/') ? 'cut before' : null))
    const { prediction } = await run()
    const [upstream] = server.runs()
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toContain(`Its id there is ${upstream?.id}`)
  })

  it('does not read an answer without an end', async () => {
    const { run, server } = await replica(done, { limits: { mostAnswer: 2 ** 20 } })
    server.fail(({ method, path }) =>
      method === 'GET' && path.startsWith('predictions/') ? 'huge' : null,
    )
    const { prediction } = await run()
    expect(prediction.error).toMatch(/too large/)
  })

  it('shows logs, progress and figures as they come', async () => {
    const { run } = await replica({
      async run(run) {
        run.log('loading\n')
        await run.work(100)
        run.log('drawing:  50%|█████     | 1/2 [00:01<00:01,  1it/s]\n')
        run.state.metrics = { predict_time: 1.5, total_time: 2, image_count: 2 }
        await run.work(100)
        run.make('done')
      },
    })
    const seen: unknown[] = []
    const { prediction } = await run(
      {},
      { each: (_, { logs, progress }) => seen.push([logs, progress]) },
    )
    expect(seen).toContainEqual(['loading\n', null])
    expect(seen.map((one) => (one as unknown[])[1])).toContainEqual({
      fraction: 0.5,
      label: 'drawing',
      eta: 1,
    })
    expect(prediction.metrics).toEqual({ image_count: 2 })
  })

  it('ends as it ended there', async () => {
    const endings: readonly [string, object][] = [
      ['succeeded', { status: 'failed', error: expect.stringContaining('without a result') }],
      ['canceled', { status: 'canceled' }],
      ['aborted', { status: 'aborted' }],
      ['failed', { status: 'failed', error: expect.stringContaining('without an error message') }],
    ]
    for (const [status, expected] of endings) {
      const { run } = await replica({ run: (run) => run.end(status) })
      expect((await run()).prediction).toMatchObject(expected)
    }
  })

  it('keeps nulls in what it made, and null where its schema allows that', async () => {
    const output = {
      type: 'object',
      properties: { note: text, files: { type: 'array', items: file } },
    }
    const made = { note: null, files: [null] }
    const { run } = await replica({ output, run: (run) => run.make(made) })
    expect((await run()).prediction).toMatchObject({ status: 'succeeded', output: made })
    const empty = await replica({
      output: { ...text, nullable: true },
      run: (run) => run.end('succeeded'),
    })
    expect((await empty.run()).prediction).toMatchObject({ status: 'succeeded', output: null })
  })

  it('tells a run whose time was up from one that somebody canceled', async () => {
    const { run } = await replica({
      run(run) {
        run.start()
        run.state.extra = { deadline: '2020-01-01T00:00:00Z' }
        run.end('canceled')
      },
    })
    expect((await run()).prediction).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('timed out'),
    })
  })

  it('does not say of a run that made something that it had not begun', async () => {
    const { run } = await replica({
      run(run) {
        run.make('half')
        run.end('aborted')
      },
    })
    const { prediction } = await run()
    expect(prediction).toMatchObject({ status: 'failed', output: 'half' })
    expect(prediction.error).toContain('timed out')
    expect(prediction.error).not.toContain('before it began')
  })

  it('keeps what was made when the service has removed it since', async () => {
    const { run } = await replica({
      async run(run) {
        run.make('done')
        await run.work(100)
        run.state.output = null
        run.state.extra = { data_removed: true }
      },
    })
    expect((await run()).prediction).toMatchObject({ status: 'succeeded', output: 'done' })
    expect((await run({}, { given: { remote: 'gone' } })).prediction).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no longer has this prediction'),
    })
  })

  it('keeps what was made before it failed, and what it logged after', async () => {
    const { run } = await replica({
      async run(run) {
        run.make('half')
        await run.work(100)
        run.state.output = null
        run.log('Traceback\n')
        run.fail({ code: 7, detail: 'out of luck' })
      },
    })
    const { prediction } = await run()
    expect(prediction).toMatchObject({ status: 'failed', output: 'half' })
    expect(prediction.logs).toMatch(/"out of luck".*Traceback/s)
  })

  it('takes what it ended with, also when less was made than was seen', async () => {
    const { run } = await replica({
      output: texts,
      async run(run) {
        run.make(['a', 'b', 'c'])
        await run.work(100)
        run.make(['A', 'B'])
      },
    })
    const { prediction, outputs } = await run()
    expect(outputs[0]).toEqual(['a', 'b', 'c'])
    expect(prediction.output).toEqual(['A', 'B'])
  })
})

describe('an output that is too large to be kept with its prediction', () => {
  const rows = Array.from({ length: 60_000 }, (_, id) => ({ id, name: `row ${id}` }))
  const any = { title: 'Output' }

  it('is a file once it is whole, and until then not looked at', async () => {
    const { run, files } = await replica({
      output: any,
      async run(run) {
        run.make(rows.slice(0, 50_000))
        await run.work(200)
        run.log('the last\n')
        run.make(rows)
      },
    })
    const { prediction, occurrences } = await run()
    expect(prediction).toMatchObject({
      status: 'succeeded',
      logs: 'the last\n',
      excerpt: { form: 'list', length: 60_000, columns: ['id', 'name'] },
      output: expect.stringMatching(/^sandpit:[a-z2-7]{26}\/output\.json$/),
      files: [{ name: 'output.json' }],
    })
    expect(Math.max(...occurrences.map((one) => JSON.stringify(one).length))).toBeLessThan(200_000)
    const [file] = prediction.files
    expect(await json((await files.open(file?.sha256 ?? '')) ?? Readable.from([]))).toEqual(rows)
  })

  it('is small when it is large only by the files in it, each kept once', async () => {
    const picture = `data:image/png;base64,${Buffer.alloc(2_000_000, 7).toString('base64')}`
    const { run, folder } = await replica({
      output: any,
      async run(run) {
        run.make({ picture, caption: 'early' })
        await run.work(200)
        run.make({ picture, caption: 'late' })
      },
    })
    const { prediction, outputs } = await run()
    expect(outputs).toHaveLength(2)
    expect(prediction).toMatchObject({
      excerpt: null,
      output: { picture: prediction.files.map(fileUri)[0], caption: 'late' },
      files: [{ name: 'output.png', size: 2_000_000 }],
    })
    expect(readdirSync(join(folder, 'runs'))).toEqual([])
  })
})

describe('text that is streamed', () => {
  const writes = (count: number, cutEvery = Number.POSITIVE_INFINITY): ScriptedModel => ({
    output: texts,
    async run(run) {
      run.state.streams = true
      run.state.cutEvery = cutEvery
      run.start()
      for (let item = 1; item <= count; item++) {
        await eventually(() => run.listeners() > 0)
        run.write(item % 3 ? `${item} ` : `${item}\n`)
        if (item % 10 === 0) await run.work(5)
      }
    },
  })
  const all = (count: number) =>
    Array.from({ length: count }, (_, at) => ((at + 1) % 3 ? `${at + 1} ` : `${at + 1}\n`))

  it('comes piece by piece without being asked for', async () => {
    const { run, server } = await replica(writes(200))
    const { prediction, occurrences } = await run()
    expect(prediction).toMatchObject({ status: 'succeeded', output: all(200) })
    const emitted = occurrences.flatMap((one) => (one.type === 'emitted' ? one.chunks : []))
    expect(emitted).toEqual(all(200))
    const [stream] = server.seen.filter(({ path }) => path.startsWith('/streams/'))
    expect(stream?.headers.accept).toBe('text/event-stream')
  })

  it('goes on where it was cut', async () => {
    const { run, server } = await replica(writes(40, 12))
    const { prediction } = await run()
    expect(prediction).toMatchObject({ status: 'succeeded', output: all(40) })
    const resumed = server.seen.filter(({ headers }) => headers['last-event-id'] !== undefined)
    expect(resumed.length).toBeGreaterThan(0)
  })

  it('is asked for instead when there is no stream to be had', async () => {
    const { run, server } = await replica({
      output: texts,
      async run(run) {
        run.state.streams = true
        run.write('a')
        await run.work(1_000)
        run.write('b')
      },
    })
    server.fail(({ path }) => (path.startsWith('/streams/') ? { status: 500 } : null))
    const { prediction, outputs } = await run()
    expect(prediction).toMatchObject({ status: 'succeeded', output: ['a', 'b'] })
    expect(outputs[0]).toEqual(['a'])
  })

  it('is not listened to at an address of our own network', async () => {
    const { run, server } = await replica({
      output: texts,
      async run(run) {
        run.state.extra = { urls: { stream: `http://127.0.0.1:${server.port + 1}/streams/x` } }
        run.write('a')
        await run.work(100)
      },
    })
    expect((await run()).prediction).toMatchObject({ status: 'succeeded', output: ['a'] })
  })
})

describe('files', () => {
  async function stored(files: Awaited<ReturnType<typeof replica>>['files'], bytes: Buffer) {
    const kept = await files.put(Readable.from([bytes]), 2 ** 30)
    return { ...kept, ref: newId(randomBytes(16)), name: 'noise ü.bin' }
  }

  it('go in as data when they are small, and are uploaded when they are not', async () => {
    const input = { small: file, large: file, list: { type: 'array', items: file } }
    const { run, server, files } = await replica({ input, ...done })
    const [small, large] = [
      await stored(files, randomBytes(1_000)),
      await stored(files, randomBytes(400_000)),
    ]
    const address = 'https://example.com/cat.png'
    const given = { small: fileUri(small), large: fileUri(large), list: [fileUri(large), address] }
    await run(given, { files: [small, large] })
    const sent = server.runs()[0]?.input as Record<string, string>
    expect(sent.small).toMatch(/^data:application\/octet-stream;base64,/)
    expect(sent.list).toEqual([sent.large, address])
    const [upload] = [...server.files.values()]
    expect(server.files.size).toBe(1)
    expect(upload).toMatchObject({ name: 'noise ü.bin', type: 'application/octet-stream' })
    expect(upload?.content.length).toBe(400_000)
  })

  it('that are given as large data are uploaded', async () => {
    const { run, server } = await replica({ input: { file }, ...done })
    const bytes = randomBytes(500_000)
    await run({ file: `data:image/png;base64,${bytes.toString('base64')}` })
    expect([...server.files.values()]).toMatchObject([{ type: 'image/png', content: bytes }])
  })

  it('that cannot be uploaded are said, and nothing is run', async () => {
    const { run, server, files } = await replica({ input: { file }, ...done })
    const large = await stored(files, randomBytes(400_000))
    const body = { detail: 'Files must be less than 100MB in size' }
    server.failNext('POST files', { status: 413, body })
    const { prediction } = await run({ file: fileUri(large) }, { files: [large] })
    expect(prediction.error).toMatch(/too large for \S+ Files must be less than 100MB/)
    expect(server.asked('POST predictions')).toEqual([])
  })

  it('are uploaded again when the connection is cut', async () => {
    const { run, server, files } = await replica({ input: { file }, ...done })
    const large = await stored(files, randomBytes(400_000))
    server.failNext('POST files', 'cut before', { status: 503 })
    const { prediction } = await run({ file: fileUri(large) }, { files: [large] })
    expect(prediction.status).toBe('succeeded')
  })

  it('come out wherever they are in an output, each once', async () => {
    const delivery = await otherServer()
    const { run, server } = await replica(
      {
        output: {
          type: 'object',
          properties: { cover: file, pages: { type: 'array', items: file }, title: text },
        },
        run: (run) =>
          run.make({
            cover: `${delivery.origin}/cover.png`,
            pages: [`${delivery.origin}/cover.png`, `${server.origin}/v1/files/two`],
            title: `${delivery.origin}/no-file`,
            thumb: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=',
          }),
      },
      { allow: [delivery.origin] },
    )
    server.files.set('two', { name: 'two', type: '', content: Buffer.from('two') })
    const { prediction } = await run()
    const { output, files } = prediction
    const made = output as Record<string, Json> & { pages: Json[] }
    expect(made.pages[0]).toBe(made.cover)
    expect(fileAt(made.cover, files)).toMatchObject({ name: 'cover.png', type: 'image/png' })
    expect(fileAt(made.pages[1], files)).toMatchObject({ name: 'two', size: 3 })
    expect(fileAt(made.thumb, files)).toMatchObject({ name: 'file.gif', type: 'image/gif' })
    expect(made.title).toBe(`${delivery.origin}/no-file`)
    expect(delivery.asked).toEqual([{ path: '/cover.png', authorization: undefined }])
  })

  it('that come one by one are copied as they come, and keep their references', async () => {
    const { run, server } = await replica({
      output: { type: 'array', items: file, 'x-cog-array-type': 'iterator' },
      async run(run) {
        run.make([`${server.origin}/v1/files/one`])
        await run.work(100)
        run.make([`${server.origin}/v1/files/one`, `${server.origin}/v1/files/two`])
      },
    })
    for (const name of ['one', 'two'])
      server.files.set(name, { name, type: '', content: Buffer.from(name) })
    const { prediction, outputs } = await run()
    const [first] = outputs
    expect(isList(first ?? null) && first).toEqual([expect.stringContaining('sandpit:')])
    expect((prediction.output as Json[])[0]).toBe((first as Json[])[0])
    expect(server.asked('GET files/one')).toHaveLength(1)
  })

  it('that cannot be copied keep their address, and the log says for how long', async () => {
    const delivery = await otherServer()
    const { run } = await replica({
      output: { type: 'array', items: file },
      run: (run) => run.make([`${delivery.origin}/redirect`, `${delivery.origin}/none`]),
    })
    const { prediction } = await run()
    expect(prediction).toMatchObject({
      status: 'succeeded',
      output: [`${delivery.origin}/redirect`, `${delivery.origin}/none`],
    })
    expect(prediction.logs).toMatch(/could not be copied .* for an hour/)
    expect(delivery.asked).toEqual([])
  })

  it('are not fetched where an allowed address leads into our own network', async () => {
    const delivery = await otherServer()
    const { run } = await replica(
      { output: file, run: (run) => run.make(`${delivery.origin}/redirect`) },
      { allow: [delivery.origin] },
    )
    const { prediction } = await run()
    expect(prediction.output).toBe(`${delivery.origin}/redirect`)
    expect(prediction.logs).toContain('This server is not allowed to fetch that URL')
  })

  it('that have no room here do not take the run with them', async () => {
    const { run, server } = await replica({
      output: file,
      run: (run) => run.make(`${server.origin}/v1/files/one`),
    })
    server.files.set('one', { name: 'one', type: '', content: Buffer.from('one') })
    const keepFile = () => Promise.reject(new Error('The file was not saved: no space'))
    const { prediction } = await run({}, { given: { keepFile } })
    expect(prediction.status).toBe('succeeded')
    expect(fileRef(prediction.output)).toBeNull()
    expect(prediction.logs).toContain('no space')
  })
})

/** Where outputs are delivered from: not the API, and without its token. */
async function otherServer() {
  const asked: { path: string | undefined; authorization: string | undefined }[] = []
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const server = createServer(({ url: path, headers: { authorization } }, response) => {
    asked.push({ path, authorization })
    if (path === '/redirect') response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()
    else response.end(png)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('ending a run', () => {
  it('is asked for at the service, and waited for', async () => {
    const { run, server } = await replica({
      async run(run) {
        run.log('working\n')
        await run.work(60_000)
      },
    })
    server.failNext('POST predictions/', { status: 500 }, 'cut before')
    const controller = new AbortController()
    await run(
      {},
      {
        signal: controller.signal,
        each: (_, { logs }) => void (logs !== '' && controller.abort('canceled')),
      },
    )
    expect(server.runs().map(({ state }) => state.status)).toEqual(['canceled'])
  })

  it('waits for a name that has been asked for, so that nothing goes on unseen', async () => {
    const { run, server } = await replica({ run: (run) => run.work(60_000) })
    const controller = new AbortController()
    server.fail(({ method, path }) => {
      if (method === 'POST' && path === 'predictions') controller.abort('canceled')
      return null
    })
    await run({}, { signal: controller.signal })
    expect(server.runs().map(({ state }) => state.status)).toEqual(['canceled'])
  })

  it('leaves it alone when it is our server that stops, and follows it on afterwards', async () => {
    const { run, server } = await replica({
      async run(run) {
        run.log('working\n')
        await run.work(200)
        run.make('done')
      },
    })
    const controller = new AbortController()
    const { prediction } = await run(
      {},
      {
        signal: controller.signal,
        each: (_, { logs }) => void (logs !== '' && controller.abort('stopped')),
      },
    )
    expect(prediction.status).toBe('processing')
    expect(server.runs().map(({ state }) => state.status)).toEqual(['processing'])
    const again = await run({}, { given: { remote: prediction.remote } })
    expect(again.prediction).toMatchObject({ status: 'succeeded', output: 'done' })
    expect(server.asked('POST predictions')).toHaveLength(1)
  })

  it('says honestly what it does not know of a run whose name never came', async () => {
    const { run, server } = await replica(done)
    const { prediction } = await run({}, { given: { remote: '' } })
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toMatch(/did not respond to the request. It may have run there/)
    expect(server.asked('POST predictions')).toEqual([])
  })
})
