import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textIn } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readSchema } from '../../../../src/domain/schema/schema.ts'
import { eventually } from '../../support/eventually.ts'
import { createReplica, providerOver, type ReplicaOptions, refOf } from '../../support/replica.ts'
import { type ScriptedModel, versionOf } from '../../support/replicate-server.ts'

const prompt = { type: 'string', 'x-order': 0 }
const flux: ScriptedModel = {
  input: { prompt },
  readme: '# Flux\n\nIt draws.',
  shown: { description: 'It draws.', default_example: { input: { prompt: 'a cat' } } },
}

async function replica(
  models: Readonly<Record<string, ScriptedModel>> = { 'ann/flux': flux },
  options: ReplicaOptions = {},
) {
  const made = await createReplica(models, options)
  onTestFinished(made.close)
  return made
}

describe('a model at Replicate', () => {
  it('is looked up when it is first asked for, and known from then on', async () => {
    const { find, server, provider } = await replica()
    const model = await find('ann/flux')
    expect(model).toMatchObject({
      provider: 'replicate',
      description: 'It draws.',
      readme: '# Flux\n\nIt draws.',
      examples: [{ prompt: 'a cat' }],
      broken: null,
      version: { id: versionOf('ann/flux', flux).id },
    })
    expect(await find('ann/flux')).toBe(model)
    expect(server.asked('GET models/ann/flux')).toHaveLength(2)
    expect(await provider.models()).toEqual([])
  })

  it('is looked up once when many ask at the same time', async () => {
    const { find, server } = await replica()
    const found = await Promise.all(Array.from({ length: 20 }, () => find('ann/flux')))
    expect(new Set(found).size).toBe(1)
    expect(server.asked('GET models/ann/flux')).toHaveLength(2)
  })

  it('that is not there is not asked for again at once', async () => {
    let clock = Date.now()
    const { find, server } = await replica({}, { now: () => clock })
    for (let times = 0; times < 3; times++) expect(await find('ann/nothing')).toBeNull()
    expect(server.asked('GET models/ann/nothing')).toHaveLength(2)
    clock += 61_000
    expect(await find('ann/nothing')).toBeNull()
    expect(server.asked('GET models/ann/nothing')).toHaveLength(4)
  })

  it('is asked for again behind the scenes when what is known is old', async () => {
    let clock = Date.now()
    const { find, server } = await replica(
      { 'ann/flux': { ...flux, shown: changing } },
      { now: () => clock },
    )
    changing.description = 'first'
    const first = await find('ann/flux')
    clock += 11 * 60_000
    expect(await find('ann/flux')).toBe(first)
    await eventually(() => server.asked('GET models/ann/flux').length === 4)
    expect(await find('ann/flux')).toBe(first)
    changing.description = 'second'
    clock += 11 * 60_000
    await find('ann/flux')
    await eventually(async () => (await find('ann/flux'))?.description === 'second')
  })
  const changing = { description: 'first' }

  it('is known after a restart and through an outage, and gone when it is gone', async () => {
    let clock = Date.now()
    const given = { now: () => clock }
    const { find, server, folder } = await replica(undefined, given)
    const model = await find('ann/flux')
    server.fail(() => ({ status: 500 }))
    const again = providerOver(server, folder, given)
    onTestFinished(() => again.close())
    clock += 11 * 60_000
    for (let times = 0; times < 2; times++)
      expect(await again.find(refOf('ann/flux'))).toEqual(model)
    server.fail(({ path }) => (path.startsWith('models/') ? { status: 404 } : null))
    clock += 11 * 60_000
    await again.find(refOf('ann/flux'))
    await eventually(async () => (await again.find(refOf('ann/flux'))) === null)
    expect(readdirSync(`${folder}/models-1`)).toEqual([])
  })

  it('is found again when what was kept of it cannot be read', async () => {
    const { find, server, folder } = await replica()
    const model = await find('ann/flux')
    const [kept = ''] = readdirSync(`${folder}/models-1`)
    expect(JSON.parse(readFileSync(`${folder}/models-1/${kept}`, 'utf8'))).toBeTruthy()
    writeFileSync(`${folder}/models-1/${kept}`, '{"model":')
    const again = providerOver(server, folder)
    onTestFinished(() => again.close())
    expect((await again.find(refOf('ann/flux')))?.version.id).toBe(model?.version.id)
  })

  it('keeps nobody waiting for long, and is there when it has come', async () => {
    const { find, server } = await replica(undefined, { limits: { pageWaitMs: 50 } })
    const { promise, resolve } = Promise.withResolvers<void>()
    server.hold(({ path }) => (path === 'models/ann/flux' ? promise : null))
    const slow = await find('ann/flux')
    expect(slow?.broken).toMatch(/has not returned this model yet. Reload the page/)
    resolve()
    await eventually(async () => (await find('ann/flux'))?.broken === null)
    expect(server.asked('GET models/ann/flux')).toHaveLength(2)
  })

  it.each([
    [{ status: 401 }, /refused the token in REPLICATE_API_TOKEN/],
    [{ status: 429, headers: { 'Retry-After': '7' } }, /is limiting requests .* in 7 s/],
    [{ status: 500 }, /returned an error/],
    ['half', /cannot be read/],
    ['cut before', /was cut/],
  ] as const)('says what is wrong when it cannot be looked up: %j', async (fault, sentence) => {
    let clock = Date.now()
    const { find, server } = await replica(undefined, { now: () => clock })
    server.fail(() => fault)
    const model = await find('ann/flux')
    expect(model?.broken).toMatch(sentence)
    expect(await find('ann/flux')).toBe(model)
    server.fail(() => null)
    clock += 6_000
    expect((await find('ann/flux'))?.broken).toBeNull()
  })

  it('without a version that can be read says so', async () => {
    const { find } = await replica({
      'ann/none': { shown: { latest_version: null } },
      'ann/odd': { shown: { latest_version: { id: 'x', openapi_schema: { info: {} } } } },
      'ann/odder': { shown: { latest_version: 42, description: [], default_example: 'no' } },
    })
    expect((await find('ann/none'))?.broken).toMatch(/has no version at/)
    expect((await find('ann/odd'))?.broken).toMatch(/cannot be read/)
    expect((await find('ann/odder'))?.broken).toMatch(/has no version at/)
  })

  it('that is official and has no schema takes what its example has', async () => {
    const input = { prompt: 'a cat', seed: 4, scale: 0.5, fast: true, image: 'https://x.y/a.png' }
    const shown = { is_official: true, latest_version: null, default_example: { input } }
    const { find, run, server } = await replica({ 'ann/hidden': { shown } })
    const model = await find('ann/hidden')
    expect(model?.broken).toBeNull()
    const fields = readSchema(model?.version.schema.schemas ?? {}).input
    expect(fields.map(({ name, schema }) => [name, schema.type])).toEqual([
      ['prompt', 'string'],
      ['seed', 'integer'],
      ['scale', 'number'],
      ['fast', 'boolean'],
      ['image', 'string'],
    ])
    await run('ann/hidden', input)
    expect(JSON.parse(String(server.asked('POST predictions')[0]?.body)).version).toBe('ann/hidden')
  })

  it('opens as of an earlier version, which is what is then run', async () => {
    const { find, run, server } = await replica()
    const old = { ...versionOf('ann/flux', { input: { text: prompt } }), id: 'a'.repeat(64) }
    server.keepVersion('ann/flux', old)
    const model = await find('ann/flux', old.id)
    expect(model?.version.id).toBe(old.id)
    expect(readSchema(model?.version.schema.schemas ?? {}).input.map(({ name }) => name)).toEqual([
      'text',
    ])
    const current = versionOf('ann/flux', flux).id
    for (const version of ['b'.repeat(64), '../..', current])
      expect((await find('ann/flux', version))?.version.id).toBe(current)
    await run('ann/flux')
    expect((await find('ann/flux'))?.version.id).toBe(current)
  })

  it('asks for nothing without a token, and says what is missing', async () => {
    const { provider, server, find } = await replica(undefined, {
      token: null,
      saved: ['ann/saved'],
    })
    expect(await find('ann/flux')).toBeNull()
    expect((await find('ann/saved'))?.broken).toMatch(/set REPLICATE_API_TOKEN/)
    expect(await provider.models()).toHaveLength(1)
    expect(await provider.probe({ text: 'ann/flux' })).toMatchObject({ kind: 'refused' })
    expect(await provider.state()).toMatchObject({ kind: 'off' })
    expect(server.seen).toEqual([])
  })

  it('that an operator added is listed', async () => {
    const { provider } = await replica(undefined, { saved: ['ann/flux'] })
    expect((await provider.models()).map(({ ref }) => ref)).toEqual([refOf('ann/flux')])
  })
})

describe('the cover of a model', () => {
  async function pictures() {
    const asked: string[] = []
    const server = createServer(({ url = '' }, response) => {
      asked.push(url)
      if (url === '/moved') response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()
      else if (url === '/large') response.end(Buffer.alloc(200_000, 1))
      else if (url === '/page.png') response.end('<html></html>')
      else response.end(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return { asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }

  async function covered(path: string, allowed = true) {
    const { asked, origin } = await pictures()
    const shown = { cover_image_url: `${origin}${path}` }
    const made = await replica(
      { 'ann/flux': { ...flux, shown } },
      { allow: allowed ? [origin] : [], limits: { mostCover: 100_000 } },
    )
    const model = await made.find('ann/flux')
    const open = () => made.provider.asset(refOf('ann/flux'), model?.cover ?? '')
    return { asked, model, open, ...made }
  }

  it('is fetched once, however many ask, and kept', async () => {
    const { asked, open, folder } = await covered('/cat')
    const opened = await Promise.all([open(), open(), open()])
    for (const asset of opened) expect(asset?.name).toBe('cover.png')
    expect((await textIn(opened[0]?.content as never)).length).toBeGreaterThan(0)
    expect(asked).toEqual(['/cat'])
    expect(readdirSync(`${folder}/covers`)).toHaveLength(1)
  })

  it.each(['/moved', '/large', '/page.png'])('that is none is not shown: %s', async (path) => {
    const { open, asked } = await covered(path)
    expect(await open()).toBeNull()
    expect(await open()).toBeNull()
    expect(asked).toEqual([path])
  })

  it('is not fetched from our own network', async () => {
    const { open, asked } = await covered('/cat', false)
    expect(await open()).toBeNull()
    expect(asked).toEqual([])
  })

  it('that is a film is not shown, and no other file can be asked for', async () => {
    const { model, provider, asked } = await covered('/cat.mp4')
    expect(model?.cover).toBeNull()
    for (const name of ['cover.png', '../models-1', ''])
      expect(await provider.asset(refOf('ann/flux'), name)).toBeNull()
    expect(asked).toEqual([])
  })
})

describe('looking for a model to add', () => {
  const id = versionOf('ann/flux', flux).id

  it.each([
    ['ann/flux', null],
    [' ann/flux ', null],
    [`ann/flux:${id}`, id],
    ['https://replicate.com/ann/flux', null],
    ['https://replicate.com/ann/flux/api?tab=node', null],
    [`https://replicate.com/ann/flux/versions/${id}`, id],
  ])('finds it by %s', async (text, version) => {
    const { provider } = await replica()
    expect(await provider.probe({ text })).toMatchObject({
      kind: 'found',
      upstream: {
        models: [
          {
            model: { ref: refOf('ann/flux'), version: { id } },
            source: { provider: 'replicate', version },
            versions: [{ id, createdAt: Date.parse('2026-01-02T03:04:05.678Z') }],
          },
        ],
      },
    })
  })

  it('says when it is not there', async () => {
    const { provider } = await replica()
    for (const text of ['ann/nothing', `ann/flux:${'c'.repeat(64)}`])
      expect(await provider.probe({ text })).toMatchObject({
        kind: 'refused',
        sentence: expect.stringMatching(/has no (?:model|version)/),
      })
  })

  it('leaves alone what is nothing of its kind', async () => {
    const { provider, server } = await replica()
    for (const text of ['http://gpu-1:5000', 'https://example.com/ann/flux', 'flux', 'a/b/c', ''])
      expect(await provider.probe({ text })).toBeNull()
    expect(server.seen).toEqual([])
  })
})

describe('the state of the provider', () => {
  it('names the account, or what is wrong', async () => {
    const { provider, server } = await replica()
    expect(await provider.state()).toMatchObject({
      kind: 'works',
      sentence: expect.stringContaining('tester'),
    })
    server.fail(() => ({ status: 401 }))
    expect(await provider.state()).toMatchObject({
      kind: 'trouble',
      sentence: expect.stringContaining('REPLICATE_API_TOKEN'),
    })
  })

  it('knows how warm a model is from its own runs', async () => {
    const { provider, run } = await replica({ 'ann/flux': { run: (one) => one.make('done') } })
    const ref = refOf('ann/flux')
    expect(provider.warmth(ref)).toBe('cold')
    const seen: string[] = []
    await run('ann/flux', {}, { each: () => void seen.push(provider.warmth(ref)) })
    expect(seen[0]).toBe('booting')
    expect(seen.at(-1)).toBe('warm')
  })
})
