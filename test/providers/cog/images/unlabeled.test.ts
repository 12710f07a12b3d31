import { describe, expect, it, onTestFinished } from 'vitest'
import { openEngines } from '../../../../src/engine/open.ts'
import { createGuard } from '../../../../src/outbound/guard.ts'
import { createProviders } from '../../../../src/providers/index.ts'
import { jsonOf } from '../../../../src/providers/parse-response.ts'
import { imageId } from '../../../engine/support.ts'
import { startRegistry } from '../../../support/containers/registry.ts'
import type { ScriptedImage } from '../../../support/containers/scripted-container.ts'
import {
  type ScriptedEngineOptions,
  startScriptedEngine,
} from '../../../support/containers/scripted-engine.ts'
import { createTestApp } from '../../../support/test-app.ts'
import { createVisitor } from '../../../support/visitor.ts'
import { hello } from '../../support/cog-models.ts'
import { eventually } from '../../support/eventually.ts'

const headers = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }
const plain: ScriptedImage = { name: 'models/plain:1', id: imageId('b'), model: hello }

/** The application over a scripted engine, with an operator. */
async function start(options: ScriptedEngineOptions, environment: Record<string, string> = {}) {
  const engine = await startScriptedEngine(options)
  onTestFinished(() => engine.close())
  const sandpit = await createTestApp({
    environment: {
      SANDPIT_AUTH: 'basic:olga:a password',
      SANDPIT_ENGINE: engine.url,
      ...environment,
    },
    providers: (config, records, keys) =>
      createProviders({
        config,
        environment: {},
        now: Date.now,
        records,
        deployments: { all: () => [] },
        keys,
        guard: createGuard({ allow: [] }),
        descriptionsOf: null,
        engines: openEngines(config, 'a key', keys, {
          now: Date.now,
          newId: () => crypto.randomUUID(),
          log: { error() {} },
          getElsewhere: createGuard({ allow: [] }).get,
          readJson: async (bytes) => jsonOf(bytes),
          share: null,
        }),
        usualRun: () => null,
        isPredicted: async () => false,
      }),
  })
  let closed = false
  async function close(): Promise<void> {
    if (closed) return
    closed = true
    await sandpit.close()
  }
  onTestFinished(close)
  async function post(path: string, values: Record<string, string>) {
    const body = new URLSearchParams(values)
    const sent = { method: 'POST', body, headers }
    const answer = await createVisitor(sandpit).request(path, sent)
    return { status: answer.status, html: await answer.text() }
  }
  /** Looks again until it is neither asked for nor pending. */
  async function found(values: Record<string, string>): Promise<string> {
    let html = ''
    await eventually(async () => {
      html = (await post('/models/new', values)).html
      return !html.includes('Look again')
    })
    return html
  }
  return { ...sandpit, engine, post, found, close }
}

describe('an image without labels', () => {
  it('is started once to ask it, when an operator says so, and runs then', async () => {
    const sandpit = await start({ images: [plain] })
    const { engine, post } = sandpit
    const where = plain.name
    const asks = await post('/models/new', { where })
    expect(asks.status).toBe(422)
    expect(asks.html).toMatch(/no label with the schema.*Start it once and ask it/s)
    const html = await sandpit.found({ where, 'on-demand': 'yes' })
    expect(html).toContain('<b>name</b>')
    await eventually(() => engine.containers().length === 0)
    // One was created to look for a file with each look, and one was started.
    expect(engine.asked.filter((one) => /POST .*start$/.test(one))).toHaveLength(1)
    const saved = await post('/models', { where, name: 'ann/plain' })
    expect(saved.status).toBe(303)
    const model = await sandpit.runner.findModel({ owner: 'ann', name: 'plain' })
    if (!model) throw new Error('It is not there')
    const asked = { model, input: { name: 'Ada' }, files: [], createdBy: 'olga' } as const
    const started = await sandpit.runner.start({ ...asked, source: 'web', formKey: null })
    if (!started.ok) throw new Error(started.reason)
    const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
    expect(settled).toMatchObject({ status: 'succeeded', output: 'hello Ada' })
  })

  it('shows how far it is, with what it writes, and is asked on meanwhile', async () => {
    const image = { ...plain, booting: true, writes: ['Loading weights'] }
    const { engine, post, found } = await start({ images: [image] })
    const asked = { where: plain.name, 'on-demand': 'yes' }
    let html = ''
    await eventually(async () => {
      html = (await post('/models/new', asked)).html
      return html.includes('Loading weights')
    })
    expect(html).toContain('Its container is setting up')
    expect(html).toMatch(/hx-post="\/models\/new" hx-trigger="load delay:2s, submit"/)
    engine.containers()[0]?.server().become('READY')
    expect(await found(asked)).toContain('<b>name</b>')
  })

  it('is answered as a fragment to the page that looks again', async () => {
    const { post: _, ...sandpit } = await start({ images: [{ ...plain, booting: true }] })
    const answer = await createVisitor(sandpit).request('/models/new', {
      method: 'POST',
      body: new URLSearchParams({ where: plain.name, 'on-demand': 'yes' }),
      headers: { ...headers, 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
    })
    expect(answer.headers.get('Sandpit')).toBe('fragment')
    expect(await answer.text()).toMatch(/^<div class="stack" id="looked">/)
  })

  it('has its schema in its files, and is not started for it', async () => {
    const document = {
      openapi: '3.0.2',
      components: { schemas: { Input: hello.input, Output: hello.output } },
    }
    const files = { '/src/.cog/openapi_schema.json': JSON.stringify(document) }
    const { engine, post } = await start({ images: [{ ...plain, files }] })
    const { html } = await post('/models/new', { where: plain.name })
    expect(html).toContain('<b>name</b>')
    expect(engine.containers()).toEqual([])
    expect(engine.asked.some((one) => one.endsWith('/start'))).toBe(false)
  })

  it.each([
    [
      'ends',
      async (one: Started) => one.end(3),
      'ended with exit code 3. It last wrote: No weights',
    ],
    [
      'fails to set its model up, and sends nothing',
      async (one: Started) => {
        one.server().intercept(({ url = '' }, response) => {
          if (url === '/health-check') return false
          response.writeHead(500).end()
          return true
        })
        one.server().become('SETUP_FAILED', 'KeyError: no layer')
      },
      'KeyError: no layer',
    ],
    [
      'is no Cog server',
      async (one: Started) =>
        one.server().intercept((_request, response) => {
          response.writeHead(404).end('nginx')
          return true
        }),
      'is not Cog’s server',
    ],
  ])('says why when it %s, and leaves no container', async (_, break_, sentence) => {
    const image = { ...plain, booting: true, writes: ['No weights'] }
    const { engine, post, found } = await start({ images: [image] })
    const asked = { where: plain.name, 'on-demand': 'yes' }
    await eventually(async () => {
      await post('/models/new', asked)
      return engine.containers().some((one) => one.state().status === 'running')
    })
    const [container] = engine.containers().filter((one) => one.state().status === 'running')
    if (!container) throw new Error('It was not started')
    await break_(container)
    const html = await found(asked)
    expect(html).toContain(sentence)
    expect(html).toContain('Start it once and ask it')
    await eventually(() => engine.containers().length === 0)
  })

  it('tells its schema though its set-up fails, as without a GPU', async () => {
    const { engine, post, found } = await start({ images: [{ ...plain, booting: true }] })
    const asked = { where: plain.name, 'on-demand': 'yes' }
    await eventually(async () => {
      await post('/models/new', asked)
      return engine.containers().some((one) => one.state().status === 'running')
    })
    for (const one of engine.containers())
      if (one.state().status === 'running') one.server().become('SETUP_FAILED', 'No GPU')
    expect(await found(asked)).toContain('<b>name</b>')
  })

  it('leaves nothing when the server stops meanwhile, or was killed', async () => {
    const sandpit = await start({ images: [{ ...plain, booting: true }] })
    const { engine, post } = sandpit
    await eventually(async () => {
      await post('/models/new', { where: plain.name, 'on-demand': 'yes' })
      return engine.containers().some((one) => one.state().status === 'running')
    })
    const [{ labels } = { labels: {} }] = engine.containers()
    await sandpit.close()
    expect(engine.containers()).toEqual([])
    const left = await engine.run('sandpit-left', { Image: plain.name, Labels: labels })
    const config = { ...sandpit.config, engines: [{ name: 'local', url: engine.url }] }
    const next = openEngines(
      config,
      'a key',
      { of: () => null },
      {
        now: Date.now,
        newId: () => crypto.randomUUID(),
        log: { error() {} },
        getElsewhere: createGuard({ allow: [] }).get,
        readJson: async (bytes) => jsonOf(bytes),
        share: null,
      },
    )
    const running = next.run({
      workloads: { find: () => null, kept: () => [], images: () => [] },
      look: async () => ({ state: 'away' }),
    })
    onTestFinished(() => running.close())
    await eventually(() => !engine.containers().includes(left))
  })
})

it('is not pulled where the disk of the engine has no room for it', async () => {
  const registry = await startRegistry({ repository: 'ann/video', labels: {}, size: 1e15 })
  const image = { ...plain, name: registry.name, id: registry.id }
  const { engine, found } = await start({ registry: [image] })
  const html = await found({ where: `${registry.host}/ann/video:2`, 'on-demand': 'yes' })
  expect(html).toMatch(/its disk has [\d.]+ [MG]B free, and needs 1862645 GB/)
  expect(engine.pulls).toEqual([])
})

type Started = ReturnType<Awaited<ReturnType<typeof startScriptedEngine>>['containers']>[number]

describe('a registry that asks for a login', () => {
  const login = 'ann:s:ecret'
  const proof = `Basic ${Buffer.from(login).toString('base64')}`

  it('is given the one that an operator types, which is kept for it alone', async () => {
    const registry = await startRegistry({ repository: 'ann/video', labels: {}, login })
    const image = { ...plain, name: registry.name, id: registry.id }
    const { engine, upstreamKeys, post, found, ...sandpit } = await start({ registry: [image] })
    const where = `${registry.host}/ann/video:latest`
    const first = await post('/models/new', { where })
    expect(first.status).toBe(422)
    expect(first.html).toMatch(/Enter user:password as the key\..*name="key"/s)
    const wrong = await post('/models/new', { where, key: 'secret' })
    expect(wrong.html).toContain('The key of a registry is user:password.')
    const second = await post('/models/new', { where, key: login })
    expect(second.html).toContain('after a pull of 1.0 KB')
    const [, held = ''] = /name="held-key" value="([^"]+)"/.exec(second.html) ?? []
    expect(second.html).not.toContain('s:ecret')
    const asked = { where, 'on-demand': 'yes', 'held-key': held }
    expect(await found(asked)).toContain('<b>name</b>')
    const [pull] = engine.pulls
    expect(JSON.parse(Buffer.from(pull?.auth ?? '', 'base64url').toString())).toMatchObject({
      username: 'ann',
      password: 's:ecret',
      serveraddress: registry.host,
    })
    expect(upstreamKeys.all()).toEqual([])
    const saved = await post('/models', { where, name: 'ann/video', 'held-key': held })
    expect(saved.status).toBe(303)
    expect(upstreamKeys.of(`http://${registry.host}`)).toBe(login)
    // From now on it is known.
    registry.proofs.length = 0
    engine.images.clear()
    expect((await post('/models/new', { where })).html).toContain('<b>name</b>')
    expect(registry.proofs).toContain(proof)
    const listed = await Promise.all(sandpit.providers.map((one) => one.upstreams?.() ?? []))
    expect(listed.flat()).toMatchObject([
      { title: 'Container registry', address: `http://${registry.host}`, takesKey: true },
    ])
  })

  it('is given that of SANDPIT_REGISTRIES', async () => {
    const registry = await startRegistry({ repository: 'ann/video', labels: {}, login })
    const variable = { SANDPIT_REGISTRIES: `${registry.host}=${login}` }
    const image = { ...plain, name: registry.name, id: registry.id }
    const { post } = await start({ registry: [image] }, variable)
    const where = `${registry.host}/ann/video:latest`
    expect((await post('/models/new', { where })).html).toContain('Start it once and ask it')
    expect(registry.proofs).toContain(proof)
  })
})
