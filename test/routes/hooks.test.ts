import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../src/domain/json/json.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import type { ReplicateLimits } from '../../src/providers/replicate/limits.ts'
import { eventually } from '../providers/support/eventually.ts'
import { providerOver, refOf } from '../providers/support/replica.ts'
import {
  type ScriptedRun,
  signingKey,
  startReplicate,
} from '../providers/support/replicate-server.ts'
import { createTestApp } from '../support/test-app.ts'

function workForLong(run: ScriptedRun): Promise<void> {
  run.start()
  return run.work(60_000)
}

interface Sent {
  readonly id?: string
  readonly at?: Date
  readonly key?: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly url?: string
}

/** A Sandpit that a scripted Replicate calls; asked by itself, the service is not for an hour. */
async function setUp(limits: Partial<ReplicateLimits> = {}, data?: string) {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'sandpit-hooks-'))
  const server = await startReplicate({
    'test/model': { run: workForLong },
  })
  let clock = 0
  const logged: unknown[] = []
  const log = {
    info: (...line: unknown[]) => void logged.push(line),
    error: (...line: unknown[]) => void logged.push(line),
  }
  const provider = providerOver(server, join(folder, 'replicate'), {
    saved: ['test/model'],
    now: () => Date.now() + clock,
    limits: { pollMs: 3_600_000, webhookPollMs: 3_600_000, ...limits },
  })
  const sandpit = await createTestApp({
    data: folder,
    log,
    environment: { SANDPIT_CALLBACK_URL: 'https://sandpit.example.com' },
    providers: () => [provider],
  })
  onTestFinished(async () => {
    await sandpit.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function start() {
    const model = await sandpit.runner.findModel(refOf('test/model'))
    if (!model) throw new Error('There is no model')
    const started = await sandpit.runner.start({
      model,
      input: {},
      files: [],
      createdBy: 'a test',
      source: 'api',
      formKey: null,
    })
    if (!started.ok) throw new Error(started.reason)
    const { id } = started.prediction
    await eventually(() => server.asked('GET predictions').length > 0)
    const run = server.runs().at(-1)
    if (!run) throw new Error('Nothing was asked for')
    return { id, run }
  }

  /** Posts what the service would: the run as it is, signed. */
  function call(run: ScriptedRun, sent: Sent = {}, body: JsonObject | string = run.json()) {
    const { id = 'msg_1', at = new Date(Date.now() + clock), key = signingKey } = sent
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = Object.entries({
      Host: 'whatever.example.net',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign(id, at, text),
      ...sent.headers,
    }).flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]))
    const { pathname } = new URL(sent.url ?? String(run.webhook))
    return sandpit.app.request(pathname, { method: 'POST', body: text, headers })
  }

  return {
    ...sandpit,
    server,
    provider,
    logged,
    start,
    call,
    find: (id: string) => sandpit.runner.find(id),
    pass(ms: number): void {
      clock += ms
    },
  }
}

describe('a call from Replicate', () => {
  it('has the run looked at, which is then as it is there', async () => {
    const { start, call, find, server } = await setUp()
    const { id, run } = await start()
    expect(run.webhook).toMatch(
      /^https:\/\/sandpit\.example\.com\/hooks\/replicate\/[a-z2-7]{26}\.1\.[\w-]{43}$/,
    )
    run.log('working\n')
    const answer = await call(run)
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    await eventually(async () => (await find(id))?.logs === 'working\n')
    run.make('done')
    run.end('succeeded')
    expect((await call(run, { id: 'msg_2' })).status).toBe(204)
    await eventually(async () => (await find(id))?.output === 'done')
    expect(server.asked('GET webhooks/default/secret')).toHaveLength(1)
  })

  it('is not believed: what it says is asked for', async () => {
    const { start, call, find } = await setUp()
    const { id, run } = await start()
    const said = { ...run.json(), status: 'succeeded', output: 'not so', logs: 'none of it\n' }
    expect((await call(run, {}, said)).status).toBe(204)
    run.log('so\n')
    await call(run, { id: 'msg_2' })
    await eventually(async () => (await find(id))?.logs === 'so\n')
    expect((await find(id))?.output).toBeNull()
  })

  it('changes nothing when it comes twice, late, or in the wrong order', async () => {
    const { start, call, find, server } = await setUp()
    const { id, run } = await start()
    run.log('one\n')
    const early = run.json()
    run.log('two\n')
    expect((await call(run, { id: 'b' })).status).toBe(204)
    await eventually(async () => (await find(id))?.logs === 'one\ntwo\n')
    const { revision } = (await find(id)) ?? {}
    const asked = server.asked('GET predictions').length
    for (let times = 0; times < 3; times++) expect((await call(run, { id: 'b' })).status).toBe(204)
    expect(server.asked('GET predictions')).toHaveLength(asked)
    expect((await call(run, { id: 'a' }, early)).status).toBe(204)
    await eventually(() => server.asked('GET predictions').length > asked)
    expect((await find(id))?.revision).toBe(revision)
    run.make('done')
    run.end('succeeded')
    await call(run, { id: 'c' })
    await eventually(async () => isSettled((await find(id)) ?? { status: 'starting' }))
    expect((await call(run, { id: 'd' })).status).toBe(404)
  })

  it.each<[string, Sent, number]>([
    ['without an id', { headers: { 'webhook-id': null } }, 400],
    ['without a time', { headers: { 'webhook-timestamp': null } }, 400],
    ['without a signature', { headers: { 'webhook-signature': null } }, 400],
    ['at no time', { headers: { 'webhook-timestamp': 'yesterday' } }, 400],
    ['with a wrong signature', { headers: { 'webhook-signature': 'v1,AAAA' } }, 401],
    ['with no version of a signature', { headers: { 'webhook-signature': 'AAAA' } }, 401],
    ['with another secret', { key: `whsec_${Buffer.from('another').toString('base64')}` }, 401],
    ['signed for another id', { headers: { 'webhook-id': 'other' } }, 401],
    ['signed six minutes ago', { at: new Date(Date.now() - 360_000) }, 403],
    ['signed six minutes from now', { at: new Date(Date.now() + 360_000) }, 403],
    ['to another provider', { url: 'https://x/hooks/local/' }, 404],
    ['to a token that is not one', { url: `https://x/hooks/replicate/${'a'.repeat(43)}` }, 404],
  ])('%s is refused', async (_, sent, status) => {
    const { start, call, server, logged } = await setUp()
    const { run } = await start()
    const token = String(run.webhook).split('/').at(-1)
    const url = sent.url?.endsWith('/') ? { url: sent.url + token } : {}
    const asked = server.asked('GET predictions').length
    const answer = await call(run, { ...sent, ...url })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status, detail: expect.any(String) })
    expect(server.asked('GET predictions')).toHaveLength(asked)
    expect(JSON.stringify(logged)).not.toContain(token)
  })

  it('that is signed and says nothing is refused', async () => {
    const { start, call } = await setUp()
    const { run } = await start()
    for (const [at, body] of ['', '{"id":', '[]', '{"id":"../x","status":"starting"}'].entries())
      expect((await call(run, { id: `msg_${at}` }, body)).status).toBe(400)
    const other = { ...run.json(), id: 'another-run' }
    expect((await call(run, { id: 'other' }, other)).status).toBe(404)
  })

  it('is checked against a new secret once the old one does not fit', async () => {
    const { start, call, server, pass } = await setUp()
    const { run } = await start()
    expect((await call(run, { id: 'a' })).status).toBe(204)
    const key = `whsec_${Buffer.from('the next secret').toString('base64')}`
    server.changeKey(key)
    expect((await call(run, { id: 'b', key })).status).toBe(401)
    expect((await call(run, { id: 'c', key: 'whsec_Zm9yZ2Vk' })).status).toBe(401)
    expect(server.asked('GET webhooks/default/secret')).toHaveLength(1)
    pass(61_000)
    expect((await call(run, { id: 'd', key })).status).toBe(204)
    expect(server.asked('GET webhooks/default/secret')).toHaveLength(2)
  })

  it('comes again when it cannot be checked now', async () => {
    const { start, call, server } = await setUp()
    const { run } = await start()
    server.failNext('GET webhooks', { status: 500 })
    expect((await call(run)).status).toBe(503)
    expect((await call(run)).status).toBe(204)
  })

  it('is not read past what any run has to say', async () => {
    const { start, call } = await setUp()
    const { run } = await start()
    expect((await call(run, {}, 'x'.repeat(65 * 2 ** 20))).status).toBe(413)
  })

  it('tells of a run whose name never came', async () => {
    const { start: _, ...sandpit } = await setUp({ recoverMs: 20_000 })
    sandpit.server.failNext('POST predictions', 'cut after')
    const model = await sandpit.runner.findModel(refOf('test/model'))
    if (!model) throw new Error('There is no model')
    const asked = {
      input: {},
      files: [],
      createdBy: 'a test',
      source: 'api',
      formKey: null,
    } as const
    const started = await sandpit.runner.start({ model, ...asked })
    if (!started.ok) throw new Error(started.reason)
    await eventually(() => sandpit.server.runs().length === 1)
    const [run] = sandpit.server.runs()
    if (!run) throw new Error('Nothing was asked for')
    run.make('done')
    run.end('succeeded')
    expect((await sandpit.call(run)).status).toBe(204)
    const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
    expect(settled).toMatchObject({ status: 'succeeded', output: 'done', remote: run.id })
    expect(sandpit.server.asked('POST predictions')).toHaveLength(1)
  })
})

it('takes no other method', async () => {
  const { start, app } = await setUp()
  const { run } = await start()
  const { pathname } = new URL(String(run.webhook))
  expect((await app.request(pathname, { headers: { Host: 'localhost' } })).status).toBe(405)
})
