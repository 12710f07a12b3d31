import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { asking, doing, hello, worker } from '../../support/cog-models.ts'
import { cogSandpit, cogServer } from '../../support/cog-sandpit.ts'
import { eventually } from '../../support/eventually.ts'
import { startLine } from '../../support/line.ts'

const name = 'team/model'

/** A container's response to a run, the error shown, and the text kept in the logs. */
const answers: readonly [
  what: string,
  answer: (response: ServerResponse) => void,
  error: RegExp,
  logs: RegExp,
][] = [
  ['garbage', (r) => r.end('<h1>It works</h1>'), /not a prediction/, /<h1>It works/],
  ['half of a JSON text', (r) => r.end('{"status":"succ'), /not a prediction/, /\{"status":"succ/],
  ['another JSON value', (r) => r.end('[1,2]'), /not a prediction/, /\[1,2\]/],
  ['a redirect', (r) => r.writeHead(307, { Location: '/' }).end(), /redirect/, /answered 307/],
  [
    'its own failure',
    (r) => r.writeHead(500).end('Internal Server Error'),
    /container failed \(500\)/,
    /Internal Server Error/,
  ],
  [
    'that there is nothing',
    (r) => r.writeHead(404).end('{}'),
    /could not be loaded/,
    /answered 404/,
  ],
  ['that it is too much', (r) => r.writeHead(413).end(), /too large/, /answered 413/],
  [
    'a closed connection',
    (r) => r.destroy(),
    /response .* was lost/,
    /other side closed|ECONNRESET/,
  ],
  [
    'half an answer',
    (r) => {
      r.writeHead(200, { 'Content-Length': '100' })
      r.write('{"status":', () => r.destroy())
    },
    /response .* was lost/,
    /does not match content-length|other side closed/,
  ],
  [
    'more than anybody can take',
    (r) => {
      const more = () => void (r.destroyed || r.write('x'.repeat(2 ** 16), more))
      more()
    },
    /larger than 1 MB/,
    /larger than 1 MB/,
  ],
  [
    'an end without a sentence',
    (r) => r.end('{"status":"failed"}'),
    /without an error message/,
    /^/,
  ],
  ['an end that nobody asked for', (r) => r.end('{"status":"canceled"}'), /canceled this run/, /^/],
]

it.each(answers)(
  'fails with a sentence when a container answers with %s',
  async (_, answer, error, logs) => {
    const server = await cogServer({ model: hello })
    const limits = { maxAnswerBytes: 2 ** 20 }
    const sandpit = await cogSandpit({ models: { [name]: [server] }, limits })
    server.intercept((request, response) => {
      if (request.method !== 'PUT') return false
      answer(response)
      return true
    })
    const made = await sandpit.run(name, { name: 'x' })
    expect(made.status).toBe('failed')
    expect(made.error).toMatch(error)
    expect(made.logs).toMatch(logs)
    server.intercept(null)
    expect((await sandpit.run(name, { name: 'x' })).status).toBe('succeeded')
  },
)

it('tries again when it was refused, and runs once', async () => {
  const server = await cogServer({ model: hello })
  const sandpit = await cogSandpit({ models: { [name]: [server] } })
  let refusals = 0
  server.intercept((request, response) => {
    if (request.method !== 'PUT' || refusals === 3) return false
    refusals++
    response.writeHead(409, { 'Content-Type': 'application/json' })
    response.end('{"detail":"Already running a prediction"}')
    return true
  })
  expect((await sandpit.run(name, { name: 'x' })).output).toBe('hello x')
  expect(refusals).toBe(3)
  expect(server.starts()).toBe(1)
})

it('waits for a coglet that starts again just as it is asked', async () => {
  const server = await cogServer({ model: hello, generation: 'coglet' })
  const sandpit = await cogSandpit({ models: { [name]: [server] } })
  server.intercept((request) => {
    if (request.method === 'PUT') server.become('STARTING')
    return false
  })
  const id = await sandpit.press(name, { name: 'x' })
  await sandpit.until(id, ({ progress }) => progress?.label === 'Its container is starting')
  server.intercept(null)
  server.become('READY')
  expect((await sandpit.settled(id)).output).toBe('hello x')
})

describe('a container that is not there', () => {
  it('is waited for, and used once it is back', async () => {
    const server = await cogServer({ model: hello })
    const limits = { patienceMs: 60_000 }
    const sandpit = await cogSandpit({ models: { [name]: [server] }, limits })
    await sandpit.model(name)
    await server.kill()
    const id = await sandpit.press(name, { name: 'x' })
    await sandpit.until(id, ({ progress }) => /cannot be reached/.test(progress?.label ?? ''))
    await server.restart()
    expect((await sandpit.settled(id)).output).toBe('hello x')
  })

  it('fails a run with why, when it stays away', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    await sandpit.model(name)
    await server.kill()
    const { error } = await sandpit.run(name, { name: 'x' })
    expect(error).toMatch(/^The container at .* cannot be reached: the connection was refused\.$/)
  })

  it('leaves the runs to another that is', async () => {
    const [down, up] = [await cogServer({ model: hello }), await cogServer({ model: hello })]
    const sandpit = await cogSandpit({ models: { [name]: [down, up] } })
    await sandpit.model(name)
    await down.kill()
    const ids = [1, 2, 3].map(() => sandpit.run(name, { name: 'x' }))
    for (const made of await Promise.all(ids)) expect(made.status).toBe('succeeded')
    expect(up.starts()).toBe(3)
  })
})

describe('a container that works on a run', () => {
  it.each(['0.16', 'coglet'] as const)('fails it when it dies (%s)', async (generation) => {
    const { model } = worker()
    const server = await cogServer({ model, generation })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const id = await sandpit.press(name)
    await eventually(() => server.working() === 1)
    await server.kill()
    const made = await sandpit.settled(id)
    expect(made).toMatchObject({ status: 'failed', attempt: 1 })
    expect(made.error).toMatch(/stopped during this run/)
    expect(made.logs).toMatch(/other side closed|ECONNRESET/)
  })

  it('is noticed to be gone in a moment, though it was to report', async () => {
    const { model } = worker()
    const server = await cogServer({ model })
    const limits = { goneMs: 600_000 }
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true, limits })
    const id = await sandpit.press(name)
    await sandpit.until(id, ({ logs }) => logs === 'working\n')
    await server.kill()
    const made = await sandpit.settled(id)
    expect(made).toMatchObject({ status: 'failed', attempt: 1 })
    expect(made.error).toMatch(/stopped during this run: the connection was refused/)
  })

  it('loses it when it starts again behind a line that tells nothing', async () => {
    const { model } = worker()
    const server = await cogServer({ model })
    const line = await startLine(server.port)
    const limits = { goneMs: 60_000, lookMs: 200 }
    const sandpit = await cogSandpit({ models: { [name]: [line] }, limits })
    const id = await sandpit.press(name)
    await eventually(() => server.working() === 1)
    line.goDead()
    await server.kill()
    await server.restart()
    line.mend()
    const made = await sandpit.settled(id)
    expect(made.error).toMatch(/was restarted during this run|was lost/)
  })

  it('bears a line that is dead for a while, and loses nothing', async () => {
    const { model, finish } = worker()
    const server = await cogServer({ model })
    const line = await startLine(server.port)
    const limits = { goneMs: 60_000, lookMs: 100 }
    const sandpit = await cogSandpit({ models: { [name]: [line] }, limits })
    const id = await sandpit.press(name)
    await eventually(() => server.working() === 1)
    line.goDead()
    const ref = { owner: 'team', name: 'model' }
    await eventually(() => sandpit.providers[0]?.warmth(ref) === 'cold')
    finish('through')
    await eventually(() => server.working() === 0)
    line.mend()
    expect(await sandpit.settled(id)).toMatchObject({ status: 'succeeded', output: 'through' })
    expect(server.starts()).toBe(1)
  })

  it('is given up when it is out of reach for too long', async () => {
    const { model } = worker()
    const server = await cogServer({ model })
    const line = await startLine(server.port)
    const sandpit = await cogSandpit({ models: { [name]: [line] }, limits: { requestMs: 1_000 } })
    const id = await sandpit.press(name)
    await eventually(() => server.working() === 1)
    line.goDead()
    expect((await sandpit.settled(id)).error).toMatch(/can no longer be reached/)
  })

  it('is noticed to be idle while its answer is awaited', async () => {
    const { model } = worker()
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const id = await sandpit.press(name)
    await eventually(() => server.asked.filter((one) => one === 'GET /health-check').length > 5)
    server.forget()
    expect((await sandpit.settled(id)).error).toMatch(/the response never arrived/)
  })

  it('finishes it by webhook when the connection breaks', async () => {
    const { model, finish } = worker()
    const server = await cogServer({ model })
    const line = await startLine(server.port)
    const sandpit = await cogSandpit({ models: { [name]: [line] }, reachable: true })
    const id = await sandpit.press(name)
    await eventually(() => server.working() === 1)
    line.drop()
    await sandpit.until(id, ({ logs }) => /other side closed|ECONNRESET/.test(logs))
    finish('by webhook')
    expect(await sandpit.settled(id)).toMatchObject({ status: 'succeeded', output: 'by webhook' })
    expect(server.starts()).toBe(1)
  })

  it('finishes it by webhook when what it made is large, or holds large files', async () => {
    const line = Buffer.alloc(1_500_000, 7).toString('base64')
    for (const output of [
      { rows: 'x'.repeat(3_000_000) },
      { picture: `data:image/png;base64,${line}` },
    ]) {
      const { model, finish } = worker()
      const making = {
        ...model,
        output: { title: 'Output' },
        predict: async (...given: Parameters<typeof model.predict>) => {
          await model.predict(...given)
          return output
        },
      }
      const server = await cogServer({ model: making })
      const cut = await startLine(server.port)
      const sandpit = await cogSandpit({ models: { [name]: [cut] }, reachable: true })
      const id = await sandpit.press(name)
      await eventually(() => server.working() === 1)
      cut.drop()
      await sandpit.until(id, ({ logs }) => /other side closed|ECONNRESET/.test(logs))
      finish()
      const made = await sandpit.settled(id)
      const isFile = 'picture' in output
      expect(made).toMatchObject({
        status: 'succeeded',
        excerpt: isFile ? null : { form: 'json', length: 1 },
        files: [isFile ? { name: 'output.png', size: 1_500_000 } : { name: 'output.json' }],
      })
    }
  })

  it('is ended by the time limit when it hangs', async () => {
    const model = doing(() => new Promise(() => {}))
    const server = await cogServer({ model, generation: '0.9' })
    const environment = { SANDPIT_RUN_TIMEOUT: '300ms' }
    const sandpit = await cogSandpit({ models: { [name]: [server] }, environment })
    const made = await sandpit.run(name)
    expect(made).toMatchObject({ status: 'failed' })
    expect(made.error).toBe('It timed out after 0.3 s.')
    expect(made.logs).toMatch(/did not stop when it was asked to/)
  })
})

describe('what a container posts', () => {
  it('is taken in any order and any number of times', async () => {
    const { model, finish } = worker()
    const iterating = {
      ...model,
      output: { type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator' },
      async *predict(input: object, context: Parameters<typeof model.predict>[1]) {
        await model.predict(input as never, context)
        yield 'a'
        yield 'b'
      },
    }
    const server = await cogServer({ model: iterating })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, reachable: true })
    const id = await sandpit.press(name)
    const [{ webhook }] = await bodiesOf(server)
    const post = (report: object) =>
      fetch(webhook, { method: 'POST', body: JSON.stringify({ id, ...report }) })
    const working = { status: 'processing', logs: 'working\nmore\n', output: ['a'] }
    for (const report of [working, { status: 'starting', logs: '', output: null }, working])
      expect((await post(report)).status).toBe(204)
    expect(await sandpit.until(id, ({ output }) => output !== null)).toMatchObject({
      logs: 'working\nmore\n',
      output: ['a'],
    })
    expect((await post({ status: 'nonsense' })).status).toBe(400)
    expect((await fetch(`${webhook}x`, { method: 'POST', body: '{}' })).status).toBe(404)
    finish()
    const made = await sandpit.settled(id)
    expect(made).toMatchObject({ status: 'succeeded', output: ['a', 'b'] })
    expect((await post({ status: 'failed', error: 'late' })).status).toBe(404)
    expect(await sandpit.runner.find(id)).toEqual(made)
  })
})

it('says that a model has changed since it was asked for', async () => {
  const server = await cogServer({ model: hello, booting: true })
  const sandpit = await cogSandpit({ models: { [name]: [server] } })
  await eventually(async () => (await sandpit.model(name)).undescribed === null)
  const before = await sandpit.model(name)
  const id = await sandpit.press(name, { name: 'x' })
  await sandpit.until(id, ({ progress }) => progress !== null)
  server.serve({ ...hello, input: asking({ title: { type: 'string' } }) })
  server.become('READY')
  const made = await sandpit.settled(id)
  expect(made.error).toMatch(/^The model has changed since/)
  await eventually(async () => (await sandpit.model(name)).version.id !== before.version.id)
  expect(await sandpit.page(`/p/${id}`)).toContain('The model has changed')
})

async function bodiesOf(server: Awaited<ReturnType<typeof cogServer>>) {
  await eventually(() => server.bodies.length > 0)
  return server.bodies as unknown as [{ webhook: string }]
}
