import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { asking, hello } from '../../providers/support/cog-models.ts'
import { type CogServerOptions, startCogServer } from '../../providers/support/cog-server.ts'
import { startReplicate, token } from '../../providers/support/replicate-server.ts'
import { allProviders } from '../../support/all-providers.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const password = { SANDPIT_AUTH: 'basic:olga:a password' }
const signedIn = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await open()
})
afterEach(() => sandpit.close())

function open(environment: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return createTestApp({
    environment: { ...password, ...environment },
    providers: allProviders,
  })
}

async function post(path: string, values: Record<string, string>) {
  const answer = await createVisitor(sandpit).request(path, {
    method: 'POST',
    body: new URLSearchParams(values),
    headers: signedIn,
  })
  return {
    status: answer.status,
    location: answer.headers.get('Location'),
    html: await answer.text(),
  }
}

const look = (where: string) => post('/models/new', { where })
const save = (where: string, name: string) => post('/models', { where, name })
const open200 = async (path: string) =>
  (await createVisitor(sandpit).request(path, { headers: signedIn })).status

async function container(options: Partial<CogServerOptions> = {}) {
  const server = await startCogServer({ model: hello, ...options })
  onTestFinished(server.close)
  return server
}

it('says what to type before anything was looked for', async () => {
  const answer = await createVisitor(sandpit).request('/models/new', { headers: signedIn })
  const html = await answer.text()
  expect(html).toContain('docker run -p 5000:5000')
  expect(html).not.toContain('role="alert"')
})

describe('adding a Cog container', () => {
  it('shows what it takes and how it is, and keeps nothing before it is saved', async () => {
    const { origin } = await container({ booting: true })
    const { status, html } = await look(origin)
    expect(status).toBe(200)
    expect(html).toContain('Booting')
    expect(html).toContain('<b>name</b>')
    expect(sandpit.records.all()).toEqual([])
  })

  it('saved, it has a page, and runs', async () => {
    const { origin } = await container()
    expect(await save(origin, 'ann/hello')).toMatchObject({ status: 303, location: '/ann/hello' })
    expect(await open200('/ann/hello')).toBe(200)
    const model = await sandpit.runner.findModel({ owner: 'ann', name: 'hello' })
    if (!model) throw new Error('It is not there')
    const asked = {
      model,
      input: { name: 'Ada' },
      files: [],
      createdBy: 'olga',
      source: 'web',
    } as const
    const started = await sandpit.runner.start({ ...asked, formKey: null })
    if (!started.ok) throw new Error(started.reason)
    const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
    expect(settled).toMatchObject({ status: 'succeeded', provider: 'cog' })
  })

  it('a second time under one name, both share its load', async () => {
    const [one, two] = [await container(), await container()]
    await save(one.origin, 'ann/hello')
    await save(two.origin, 'ann/hello')
    expect(sandpit.records.all().map(({ source }) => source)).toEqual([
      { provider: 'cog', urls: [one.origin, two.origin] },
    ])
  })

  it.each(['localhost', '127.0.0.1', ' 127.0.0.1'])(
    'is found at %s without a scheme',
    async (host) => {
      const { port } = await container()
      const where = `${host}:${port} `
      expect((await look(where)).html).toContain('<b>name</b>')
      expect(await save(where, 'ann/hello')).toMatchObject({ location: '/ann/hello' })
      const origin = `http://${host.trim()}:${port}`
      expect(sandpit.records.all()[0]?.source).toEqual({ provider: 'cog', urls: [origin] })
    },
  )

  it('is suggested a name of its own, by its port or its title', async () => {
    const servers = [
      await container(),
      await container(),
      await container({ title: 'Paint & Draw 2' }),
      await container({ title: 'Paint & Draw 2' }),
    ]
    const names: (string | undefined)[] = []
    for (const { origin } of servers) {
      const name = /name="name" value="([^"]+)"/.exec((await look(origin)).html)?.[1]
      names.push(name)
      expect(await save(origin, name ?? '')).toMatchObject({ status: 303 })
    }
    expect(names).toEqual([
      `cog/127.0.0.1-${servers[0]?.port}`,
      `cog/127.0.0.1-${servers[1]?.port}`,
      'cog/paint-draw-2',
      'cog/paint-draw-2-2',
    ])
    expect((await look(servers[0]?.origin ?? '')).html).toContain(`value="${names[0]}"`)
  })

  it('asks before it takes over a model with another schema, and says what that does', async () => {
    const [one, two] = [await container(), await container({ model: other })]
    await save(one.origin, 'ann/hello')
    const { status, html } = await save(two.origin, 'ann/hello')
    expect(status).toBe(409)
    expect(html).toMatch(/New:\s*<code>title<\/code>/)
    expect(html).toMatch(/Removed:\s*<code>name<\/code>/)
    expect(html).toContain(one.origin)
    expect(html).toContain('<input type="checkbox" name="replace" value="ann/hello"')
    const sources = () => sandpit.records.all().map(({ source }) => source)
    expect(sources()).toEqual([{ provider: 'cog', urls: [one.origin] }])
    const confirmed = { where: two.origin, name: 'ann/hello', replace: 'ann/hello' }
    expect(await post('/models', confirmed)).toMatchObject({ status: 303 })
    expect(sources()).toEqual([{ provider: 'cog', urls: [two.origin] }])
    const page = await createVisitor(sandpit).request('/ann/hello', { headers: signedIn })
    expect(await page.text()).toContain('name="input.title"')
    expect(await save(one.origin, 'ann/first')).toMatchObject({ status: 303 })
  })

  it('takes over no other model than the one it was asked about', async () => {
    const [one, two] = [await container(), await container({ model: other })]
    await save(one.origin, 'ann/hello')
    const confirmed = { where: two.origin, name: 'ann/hello', replace: 'ann/else' }
    expect(await post('/models', confirmed)).toMatchObject({ status: 409 })
  })

  it('can be saved again once it takes something else itself', async () => {
    const server = await container()
    await save(server.origin, 'ann/hello')
    server.serve(other)
    expect(await save(server.origin, 'ann/hello')).toMatchObject({ status: 303 })
  })

  it('is not put among the containers of COG_MODELS when it takes something else', async () => {
    const [one, two] = [await container(), await container({ model: other })]
    await sandpit.close()
    sandpit = await open({ COG_MODELS: `ann/hello=${one.origin.slice('http://'.length)}` })
    const { status, html } = await save(two.origin, 'ann/hello')
    expect(status).toBe(422)
    expect(html).toContain('COG_MODELS')
  })

  it.each([
    ['sandpit/hello-world', 'There is already a model called sandpit/hello-world.'],
    ['no name', '“no name” is not a name such as owner/name.'],
    ['settings/hello', '“settings/hello” is not a name such as owner/name.'],
  ])('is refused as %s, with what was typed', async (name, sentence) => {
    const { origin } = await container()
    const { status, html } = await save(origin, name)
    expect(status).toBe(422)
    expect(html).toContain(sentence)
    expect(html).toContain(`value="${name}"`)
    expect(sandpit.records.all()).toEqual([])
  })

  it('and removed, it is gone', async () => {
    const { origin } = await container()
    await save(origin, 'ann/hello')
    expect(await post('/settings/models/removal', { model: 'ann/hello' })).toMatchObject({
      status: 303,
    })
    expect(await open200('/ann/hello')).toBe(404)
  })
})

describe('adding a model at Replicate', () => {
  const input = { prompt: { type: 'string' } }

  it.each(['ann/paint', 'https://replicate.com/ann/paint'])('finds %s', async (where) => {
    const upstream = await startReplicate({ 'ann/paint': { input } })
    onTestFinished(upstream.close)
    await sandpit.close()
    sandpit = await open({ REPLICATE_API_TOKEN: token, REPLICATE_API_URL: upstream.url.href })
    const { status, html } = await look(where)
    expect(status).toBe(200)
    expect(html).toContain('<b>prompt</b>')
    expect(await save(where, 'ann/paint')).toMatchObject({ location: '/ann/paint' })
    expect(sandpit.records.all()[0]?.source).toEqual({ provider: 'replicate', version: null })
    expect(await save(where, 'ann/other')).toMatchObject({ status: 422 })
  })

  it('without a token says how to set one', async () => {
    const { status, html } = await look('ann/paint')
    expect(status).toBe(422)
    expect(html).toContain('REPLICATE_API_TOKEN')
  })
})

const other = { ...hello, input: asking({ title: { type: 'string' } }) }

describe('adding a folder', () => {
  it('asks before it takes the place of another', async () => {
    const folders = ['who', 'whom'].map((field) => {
      const folder = join(mkdtempSync(join(tmpdir(), 'sandpit-folder-')), 'greet')
      mkdirSync(folder)
      writeFileSync(
        join(folder, 'model.ts'),
        `import { defineModel, z } from 'sandpit/model'
        export default defineModel({
          name: 'ann/greet', description: 'Greets.', input: z.object({ ${field}: z.string() }),
          output: z.string(), run: () => 'Hello',
        })`,
      )
      return folder
    })
    const [first = '', second = ''] = folders
    await save(first, 'ann/greet')
    const { status, html } = await save(second, 'ann/greet')
    expect(status).toBe(409)
    expect(html).toContain(first)
    const confirmed = { where: second, name: 'ann/greet', replace: 'ann/greet' }
    expect(await post('/models', confirmed)).toMatchObject({ status: 303 })
    expect(sandpit.records.all()[0]?.source).toEqual({ provider: 'local', folder: second })
  })

  it('finds its model, and runs it from there', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'sandpit-folder-')), 'greet')
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'model.ts'),
      `import { defineModel, z } from 'sandpit/model'
      export default defineModel({
        name: 'ann/greet', description: 'Greets.', input: z.object({ who: z.string() }),
        output: z.string(), run: ({ who }) => 'Hello ' + who,
      })`,
    )
    expect((await look(folder)).html).toContain('<b>who</b>')
    expect(await save(folder, 'ann/greet')).toMatchObject({ location: '/ann/greet' })
    expect(await open200('/ann/greet')).toBe(200)
  })
})

it.each([
  ['gibberish!', 'is not a name such as owner/name, a URL or the path of a folder.'],
  ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ['/nowhere/at/all', 'There is no model.ts in /nowhere/at/all.'],
])('says why nothing was found at %s, and keeps what was typed', async (where, sentence) => {
  const { status, html } = await look(where)
  expect(status).toBe(422)
  expect(html).toContain(sentence)
  expect(html).toContain(`value="${where}"`)
})
