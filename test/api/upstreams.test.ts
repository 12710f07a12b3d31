import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asking, hello } from '../providers/support/cog-models.ts'
import { startCogServer } from '../providers/support/cog-server.ts'
import {
  type ReplicateServer,
  startReplicate,
  token as upstreamToken,
} from '../providers/support/replicate-server.ts'
import { writeModels } from '../support/models.ts'
import { type ApiServer, mismatches, models, startApi } from './support.ts'

const input = { type: 'object', properties: { text: { type: 'string' } } } as const
const output = { type: 'string' } as const

let upstream: ReplicateServer
let sandpit: ApiServer
const scripted: Record<string, object> = {
  'up/plain': { input, output },
  'up/example': {
    input,
    output,
    shown: { default_example: { input: { text: 'from upstream' } } },
  },
  'up/none': { shown: { latest_version: null } },
}

beforeAll(async () => {
  upstream = await startReplicate(scripted)
  sandpit = await startApi({
    environment: {
      REPLICATE_API_TOKEN: upstreamToken,
      REPLICATE_API_URL: `${upstream.origin}/v1`,
      COG_MODELS: 'team/off=http://127.0.0.1:9',
    },
  })
})
afterAll(async () => {
  await sandpit.stop()
  await upstream.close()
})
afterEach(async () => {
  upstream.fail(() => null)
  expect(await mismatches()).toEqual([])
})

const made = (name: string) =>
  sandpit.replicate.models.create('ann', name, { visibility: 'public', hardware: 'sandpit' })
const json = async (response: Promise<Response>) => (await response).json()

describe('a version that is pushed', () => {
  it('is the one that is answered, also where the container was before', async () => {
    await made('container')
    const path = '/v1/models/ann/container'
    const server = await startCogServer({ model: hello })
    const first = await json(sandpit.ask(`${path}/versions`, { json: { cog_url: server.origin } }))
    expect(first.id).toBe((await json(sandpit.ask(path))).latest_version.id)
    server.serveSame({ ...hello, input: asking({ words: { type: 'integer' } }) })
    const pushed = await sandpit.ask(`${path}/versions`, { json: { cog_url: server.origin } })
    const second = await pushed.json()
    expect(second.id).not.toBe(first.id)
    expect(second.openapi_schema.components.schemas.Input.properties).toHaveProperty('words')
    expect((await json(sandpit.ask(path))).latest_version).toEqual(second)
    expect(await json(sandpit.ask(`${path}/versions/${second.id}`))).toEqual(second)
    expect((await json(sandpit.ask(`${path}/versions`))).results[0]).toEqual(second)
    await server.close()
  })

  it('is the one that is answered when it is another container', async () => {
    await made('other')
    const path = '/v1/models/ann/other'
    const one = await startCogServer({ model: hello })
    const two = await startCogServer({
      model: { ...hello, input: asking({ words: { type: 'integer' } }) },
    })
    const push = (cog_url: string) => json(sandpit.ask(`${path}/versions`, { json: { cog_url } }))
    for (const server of [one, two, one, two]) {
      const pushed = await push(server.origin)
      const names = Object.keys(pushed.openapi_schema.components.schemas.Input.properties)
      expect(names).toEqual([server === one ? 'name' : 'words'])
      expect((await json(sandpit.ask(path))).latest_version).toEqual(pushed)
    }
    await Promise.all([one.close(), two.close()])
  })

  it('is the one that is answered when its container is slow to say what it takes', async () => {
    await made('slow')
    const path = '/v1/models/ann/slow'
    const push = (cog_url: string) => json(sandpit.ask(`${path}/versions`, { json: { cog_url } }))
    const quick = await startCogServer({ model: hello })
    await push(quick.origin)
    for (const field of ['words', 'more']) {
      const server = await startCogServer({
        model: { ...hello, input: asking({ [field]: { type: 'integer' } }) },
      })
      server.intercept(async ({ url }) => {
        // Longer than a page waits for it.
        if (url === '/openapi.json') await wait(2_300)
        return false
      })
      const pushed = await push(server.origin)
      expect(pushed.openapi_schema.components.schemas.Input.properties).toHaveProperty(field)
      expect((await json(sandpit.ask(path))).latest_version).toEqual(pushed)
      await server.close()
    }
    await quick.close()
  })

  it('runs in a container whose address says no scheme, once in each', async () => {
    await made('plain')
    const path = '/v1/models/ann/plain/versions'
    const server = await startCogServer({ model: hello })
    const plain = `127.0.0.1:${server.port}`
    expect((await sandpit.ask(path, { json: { cog_url: plain } })).status).toBe(201)
    const cog_urls = [plain, server.origin, `${server.origin}/`]
    expect((await sandpit.ask(path, { json: { cog_urls } })).status).toBe(201)
    for (const cog_url of ['', 'plain words', 'ftp://127.0.0.1', 'http://a:b@127.0.0.1']) {
      const refused = await sandpit.ask(path, { json: { cog_url } })
      expect((await refused.json()).invalid_fields).toMatchObject([{ field: 'cog_url' }])
    }
    await server.close()
  })

  it('has an output that can be read where its container describes none', async () => {
    await made('undescribed')
    const path = '/v1/models/ann/undescribed'
    const server = await startCogServer({ model: hello })
    server.intercept(({ url }, response) => {
      if (url !== '/openapi.json') return false
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ components: { schemas: { Input: {}, Output: null } } }))
      return true
    })
    const pushed = await json(sandpit.ask(`${path}/versions`, { json: { cog_url: server.origin } }))
    expect(pushed.openapi_schema.components.schemas.Output).toEqual({ title: 'Output' })
    await server.close()
  })

  it('is the one that is answered when the folder has changed', async () => {
    await made('folder')
    const path = '/v1/models/ann/folder'
    const folder = join(writeModels({ plain: models.echo }), 'plain')
    const push = () => json(sandpit.ask(`${path}/versions`, { json: { folder } }))
    const first = await push()
    writeFileSync(join(folder, 'model.ts'), models.words)
    const second = await push()
    expect(second.id).not.toBe(first.id)
    expect((await json(sandpit.ask(path))).latest_version).toEqual(second)
  })

  it('is the one that is answered when Replicate has another', async () => {
    await sandpit.replicate.models.create('up', 'moves', {
      visibility: 'public',
      hardware: 'sandpit',
    })
    const path = '/v1/models/up/moves'
    const push = () => json(sandpit.ask(`${path}/versions`, { json: { replicate: true } }))
    scripted['up/moves'] = { input, output }
    const first = await push()
    scripted['up/moves'] = { input: { type: 'object', properties: {} }, output }
    const second = await push()
    expect(second.id).not.toBe(first.id)
    expect((await json(sandpit.ask(path))).latest_version).toEqual(second)
  })
})

describe('a model that cannot run', () => {
  it('has no version while its container was never there, and says why it does not run', async () => {
    const path = '/v1/models/team/off'
    const model = await json(sandpit.ask(path))
    expect(model).toMatchObject({ owner: 'team', name: 'off', latest_version: null })
    expect((await json(sandpit.ask(`${path}/versions`))).results).toEqual([])
    const run = await sandpit.ask(`${path}/predictions`, { json: { input: {} } })
    expect(run.status).toBe(503)
    expect(run.headers.get('Retry-After')).toBe('10')
    expect((await run.json()).detail).toContain('cannot be reached')
    const { results } = await json(sandpit.ask('/v1/models'))
    expect(results).toContainEqual(model)
  })

  it('has no version when it has none upstream', async () => {
    expect(await json(sandpit.ask('/v1/models/up/none'))).toMatchObject({ latest_version: null })
    const run = await sandpit.ask('/v1/predictions', { json: { version: 'up/none', input: {} } })
    expect(run.status).toBe(422)
    expect((await run.json()).detail).toContain('up/none cannot run: This model has no version')
  })

  it('is not there when it is unknown upstream', async () => {
    for (const path of ['', '/versions', '/readme', '/examples'])
      expect((await sandpit.ask(`/v1/models/up/nothing${path}`)).status).toBe(404)
  })

  it.each([
    ['refused', { status: 403, body: { detail: 'Not for you.' } }, 502, 'Not for you.'],
    ['unauthorized', { status: 401 }, 502, 'REPLICATE_API_TOKEN'],
    ['troubled', { status: 500 }, 503, 'returned an error'],
    ['throttled', { status: 429 }, 503, 'is limiting requests'],
    ['cut', 'cut before', 503, 'was cut'],
  ] as const)('is a problem of its upstream when that is %s', async (name, fault, status, why) => {
    upstream.fail(() => fault)
    const path = `/v1/models/up/${name}`
    for (const response of [
      await sandpit.ask(path),
      await sandpit.ask(`${path}/versions`),
      await sandpit.ask(`${path}/predictions`, { json: { input: {} } }),
      await sandpit.ask('/v1/predictions', { json: { version: `up/${name}`, input: {} } }),
      await sandpit.ask('/v1/predictions', {
        json: { version: `up/${name}:${'a'.repeat(64)}`, input: {} },
      }),
    ]) {
      expect(response.status).toBe(status)
      expect((await response.json()).detail).toContain(why)
    }
  })
})

describe('every address in an answer', () => {
  it('leads somewhere', async () => {
    await made('bare')
    await sandpit.replicate.run('test/echo', { input: { text: 'x' } })
    await sandpit.ask('/v1/predictions', { json: { version: 'test/pictures', input: {} } })
    await sandpit.replicate.files.create(new Blob(['a']))
    const answers: unknown[] = []
    for (const path of [
      '/v1/models',
      '/v1/models/ann/bare',
      '/v1/models/up/example',
      '/v1/models/up/none',
      '/v1/models/team/off',
      '/v1/models/sandpit/image-tools/examples',
      '/v1/predictions',
      '/v1/files',
      '/v1/collections',
      '/v1/collections/ann',
      '/v1/search?query=a',
      '/v1/account',
    ])
      answers.push(await json(sandpit.ask(path)))
    const found = [...new Set(answers.flatMap(addressesIn))]
    expect(found.length).toBeGreaterThan(30)
    for (const address of found) {
      const response = await sandpit.ask(address)
      expect(response.status, address).not.toBe(404)
      expect(response.status, address).toBeLessThan(500)
      await response.body?.cancel()
    }
  })

  it('to an example is answered as the example', async () => {
    const { default_example: example } = await json(sandpit.ask('/v1/models/up/example'))
    expect(example.input).toEqual({ text: 'from upstream' })
    expect(await json(sandpit.ask(example.urls.get))).toEqual(example)
    expect(await json(sandpit.ask(example.urls.cancel, { method: 'POST' }))).toEqual(example)
    const { results } = await json(sandpit.ask('/v1/models/sandpit/image-tools/examples'))
    for (const one of results) expect(await json(sandpit.ask(one.urls.get))).toEqual(one)
  })
})

/** Addresses of this Sandpit, anywhere in a value. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith(sandpit.url) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(addressesIn)
}
