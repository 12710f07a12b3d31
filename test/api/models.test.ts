import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { modelDocument } from '../../src/domain/model/document.ts'
import { asking, hello } from '../providers/support/cog-models.ts'
import { startCogServer } from '../providers/support/cog-server.ts'
import { writeModels } from '../support/models.ts'
import { type ApiServer, mismatches, models, startApi } from './support.ts'

let sandpit: ApiServer
beforeAll(async () => {
  sandpit = await startApi()
})
afterAll(() => sandpit.stop())
afterEach(async () => expect(await mismatches()).toEqual([]))

/** A model folder outside those that are looked through. */
const folderOf = (source: string) => join(writeModels({ plain: source }), 'plain')

describe('the list of models', () => {
  it('is paged through by Replicate’s own client', async () => {
    const names: string[] = []
    for await (const page of sandpit.replicate.paginate(sandpit.replicate.models.list))
      names.push(...page.map(({ owner, name }) => `${owner}/${name}`))
    expect(names).toContain('test/echo')
    expect(names).toContain('sandpit/hello-world')
    expect(new Set(names).size).toBe(names.length)
  })

  it('is sorted as it is asked for', async () => {
    const namesBy = async (query: string) => {
      const json = await (await sandpit.ask(`/v1/models?${query}`)).json()
      return json.results.map(({ latest_version }: { latest_version: { created_at: string } }) =>
        Date.parse(latest_version.created_at),
      )
    }
    const newest = await namesBy('')
    expect(newest).toEqual(newest.toSorted((a: number, b: number) => b - a))
    const oldest = await namesBy('sort_by=model_created_at&sort_direction=asc')
    expect(oldest).toEqual(oldest.toSorted((a: number, b: number) => a - b))
    expect((await sandpit.ask('/v1/models?sort_by=fame')).status).toBe(422)
    expect((await sandpit.ask('/v1/models?cursor=bm9uZQ')).status).toBe(422)
  })

  it('is searched by the client, which puts the query in quotes', async () => {
    const { results } = await sandpit.replicate.models.search('test word')
    expect(results[0]?.name).toBe('words')
    const plain = await sandpit.ask('/v1/models', { method: 'QUERY', body: 'test word' })
    expect(await plain.json()).toEqual(
      JSON.parse(JSON.stringify({ next: null, previous: null, results })),
    )
  })

  it('is searched with scores and collections', async () => {
    const found = await (await sandpit.ask('/v1/search?query=test&limit=3')).json()
    expect(found.models).toHaveLength(3)
    expect(found.models[0].metadata.score).toBe(1)
    expect(found.collections).toMatchObject([{ slug: 'test' }])
    expect(found.collections[0].models).toContain('test/echo')
    for (const [query, detail] of [
      ['', 'Query parameter "query" is required'],
      ['?query=', 'Query parameter "query" is required'],
      ['?query=x&limit=51', 'from 1 to 50'],
      ['?query=x&limit=many', 'from 1 to 50'],
    ]) {
      const refused = await sandpit.ask(`/v1/search${query}`)
      expect(refused.status).toBe(400)
      expect((await refused.json()).detail).toContain(detail)
    }
  })

  it('is grouped by owner into collections', async () => {
    const { results } = await sandpit.replicate.collections.list()
    expect(results.map(({ slug }) => slug).sort()).toEqual(['sandpit', 'test'])
    const collection = await sandpit.replicate.collections.get('test')
    expect(collection.models?.map(({ name }) => name).sort()).toEqual(
      ['echo', 'failing', 'keeper', 'pictures', 'slow', 'words'].sort(),
    )
    await expect(sandpit.replicate.collections.get('none')).rejects.toThrow('404')
  })
})

describe('a model', () => {
  it('is described with the document of its version, as Cog writes it', async () => {
    const model = await sandpit.replicate.models.get('test', 'echo')
    expect(model).toMatchObject({
      url: `${sandpit.url}/test/echo`,
      description: 'Gives back what it is given.',
      visibility: 'public',
      is_official: false,
      cover_image_url: null,
      default_example: null,
    })
    expect(model.latest_version?.openapi_schema).toMatchObject({
      paths: { '/predictions': { post: expect.anything() } },
      components: {
        schemas: {
          Input: { properties: { text: { type: 'string' } } },
          PredictionRequest: { properties: { input: { $ref: '#/components/schemas/Input' } } },
        },
      },
    })
  })

  it('has a whole cover address, its README and the inputs it comes with', async () => {
    const model = await sandpit.replicate.models.get('sandpit', 'image-tools')
    const cover = await fetch(model.cover_image_url ?? '')
    expect(cover.headers.get('Content-Type')).toContain('image/svg+xml')
    expect(model.default_example).toMatchObject({
      status: 'succeeded',
      output: null,
      data_removed: true,
      input: { photo: `${sandpit.url}/sandpit/image-tools/assets/photo.jpg` },
    })
    const readme = await sandpit.ask('/v1/models/sandpit/image-tools/readme')
    expect(readme.headers.get('Content-Type')).toContain('text/plain')
    expect(await readme.text()).toContain('photo')
    expect((await sandpit.ask('/v1/models/test/echo/readme')).status).toBe(404)
  })

  it('runs with the input of its example, files and all', async () => {
    const { default_example } = await sandpit.replicate.models.get('sandpit', 'image-tools')
    const made = await sandpit.replicate.predictions.create({
      model: 'sandpit/image-tools',
      input: default_example?.input ?? {},
    })
    expect((await sandpit.replicate.wait(made)).status).toBe('succeeded')
    const none = `${sandpit.url}/sandpit/image-tools/assets/model.ts`
    const refused = await sandpit.replicate.predictions.create({
      model: 'sandpit/image-tools',
      input: { photo: none },
    })
    await expect(sandpit.replicate.wait(refused)).rejects.toThrow('allowed to fetch')
  })

  it('counts its runs', async () => {
    const runs = async () => (await sandpit.replicate.models.get('test', 'echo')).run_count ?? 0
    const before = await runs()
    await sandpit.replicate.run('test/echo', { input: { text: 'counted' } })
    expect(await runs()).toBe(before + 1)
  })

  it('lists its versions, and each by its id', async () => {
    const { results } = await sandpit.replicate.models.versions.list('test', 'echo')
    const [current] = results
    expect(results).toHaveLength(1)
    const version = await sandpit.replicate.models.versions.get('test', 'echo', current?.id ?? '')
    expect(version).toEqual(current)
    const missing = sandpit.replicate.models.versions.get('test', 'echo', 'f'.repeat(64))
    await expect(missing).rejects.toThrow('404')
  })

  it('that its provider has by itself is changed in words alone', async () => {
    const path = '/v1/models/test/words'
    const changed = await sandpit.ask(path, {
      method: 'PATCH',
      json: { description: 'Tells a tale.', readme: '# Words', weights_url: 'https://example.com' },
    })
    expect(changed.status).toBe(200)
    expect(await changed.json()).toMatchObject({ description: 'Tells a tale.' })
    expect(await (await sandpit.ask(`${path}/readme`)).text()).toBe('# Words')
    const refused = await sandpit.ask(path, { method: 'DELETE' })
    expect(refused.status).toBe(422)
    expect((await refused.json()).detail).toContain('SANDPIT_MODELS')
    const pushed = await sandpit.ask(`${path}/versions`, { json: { folder: '/tmp' } })
    expect(pushed.status).toBe(422)
    const [{ id = '' } = {}] = (await sandpit.replicate.models.versions.list('test', 'words'))
      .results
    expect((await sandpit.ask(`${path}/versions/${id}`, { method: 'DELETE' })).status).toBe(422)
    expect((await sandpit.ask(path, { method: 'PATCH', json: { readme: 1 } })).status).toBe(422)
  })
})

describe('a model that is made', () => {
  const named = (name: string) => ({ owner: 'ann', name })
  const make = (name: string) =>
    sandpit.replicate.models.create('ann', name, {
      visibility: 'private',
      hardware: 'sandpit',
      description: 'New here.',
      github_url: 'https://example.com/ann/new',
      cover_image_url: 'https://example.com/cover.png',
    })

  it('has no version, and cannot be run, until it is said where it runs', async () => {
    const made = await make('grown')
    expect(made).toMatchObject({
      ...named('grown'),
      visibility: 'private',
      description: 'New here.',
      github_url: 'https://example.com/ann/new',
      cover_image_url: 'https://example.com/cover.png',
      latest_version: null,
      run_count: 0,
    })
    const run = sandpit.replicate.run('ann/grown', { input: {} })
    await expect(run).rejects.toThrow('404')
    expect((await sandpit.replicate.models.versions.list('ann', 'grown')).results).toEqual([])

    const folder = folderOf(models.echo)
    const pushed = await sandpit.ask('/v1/models/ann/grown/versions', { json: { folder } })
    expect(pushed.status).toBe(201)
    const version = await pushed.json()
    expect(await sandpit.replicate.run('ann/grown', { input: { text: 'here' } })).toBe('here')
    const { latest_version } = await sandpit.replicate.models.get('ann', 'grown')
    expect(latest_version).toEqual(version)
  })

  it('runs in the Cog containers that it is said to run in', async () => {
    await make('served')
    const path = '/v1/models/ann/served/versions'
    const [one, two, other] = await Promise.all([
      startCogServer({ model: hello }),
      startCogServer({ model: hello }),
      startCogServer({ model: { ...hello, input: asking({ name: { type: 'integer' } }) } }),
    ])
    const pushed = await sandpit.ask(path, { json: { cog_url: one.origin } })
    expect(pushed.status).toBe(201)
    const input = { name: 'container' }
    const output = await sandpit.replicate.run('ann/served', { input })
    expect(output).toBe('hello container')
    const { results } = await (await sandpit.ask(path)).json()
    const model = await sandpit.replicate.models.get('ann', 'served')
    for (const version of [results[0], model.latest_version])
      expect(version).toMatchObject({ cog_version: '0.16.8' })
    const both = await sandpit.ask(path, { json: { cog_urls: [one.origin, two.origin] } })
    const { id } = await pushed.json()
    expect(await both.json()).toMatchObject({ id })
    const cold = await sandpit.ask(path, { json: { cog_on_demand_url: one.origin } })
    expect(await cold.json()).toMatchObject({ id })
    const mixed = await sandpit.ask(path, { json: { cog_urls: [one.origin, other.origin] } })
    expect((await mixed.json()).detail).toContain('different schema')
    await Promise.all([one, two, other].map((server) => server.close()))
    const gone = await sandpit.ask(path, { json: { cog_url: one.origin } })
    expect(gone.status).toBe(422)
  })

  it('keeps earlier versions for as long as a prediction is of them', async () => {
    await make('moved')
    const path = '/v1/models/ann/moved/versions'
    const push = async (source: string) =>
      (await (await sandpit.ask(path, { json: { folder: folderOf(source) } })).json()) as {
        id: string
      }
    const first = await push(models.echo)
    await sandpit.replicate.run('ann/moved', { input: { text: 'before' } })
    const second = await push(models.slow)
    const third = await push(models.words)
    const listed = async () =>
      (await sandpit.replicate.models.versions.list('ann', 'moved')).results.map(({ id }) => id)
    expect(new Set(await listed())).toEqual(new Set([first.id, second.id, third.id]))
    expect((await listed())[0]).toBe(third.id)

    const remove = async (id: string) =>
      (await sandpit.ask(`${path}/${id}`, { method: 'DELETE' })).status
    expect(await remove(first.id)).toBe(422)
    expect(await remove(second.id)).toBe(202)
    expect(await remove(second.id)).toBe(404)
    expect(await remove(third.id)).toBe(202)
    expect(await listed()).toEqual([first.id])
    expect((await sandpit.replicate.models.get('ann', 'moved')).latest_version).toBeNull()
  })

  it('stays as it was when nothing can be run where it is said to', async () => {
    await make('lost')
    const path = '/v1/models/ann/lost/versions'
    const empty = mkdtempSync(join(tmpdir(), 'sandpit-empty-'))
    writeFileSync(join(empty, 'model.ts'), 'export const none = 1')
    for (const json of [
      { folder: '/nowhere/at/all' },
      { folder: 'relative' },
      { folder: empty },
      {},
      { folder: empty, replicate: true },
      { cog_urls: [] },
      { cog_url: 'file:///etc/passwd' },
      { what: 1 },
    ]) {
      const refused = await sandpit.ask(path, { json })
      expect(refused.status, JSON.stringify(json)).toBe(422)
      expect((await refused.json()).detail).not.toBe('')
    }
    expect((await sandpit.replicate.models.get('ann', 'lost')).latest_version).toBeNull()
  })

  it('is made once, under a name that can be one', async () => {
    await make('single')
    await expect(make('single')).rejects.toThrow('409')
    await expect(make('no way')).rejects.toThrow('422')
    const reserved = await sandpit.ask('/v1/models', {
      json: { owner: 'predictions', name: 'x', visibility: 'public', hardware: 'sandpit' },
    })
    expect((await reserved.json()).invalid_fields).toMatchObject([{ field: 'owner' }])
  })

  it('is deleted, and what it made keeps its page', async () => {
    await make('brief')
    await sandpit.ask('/v1/models/ann/brief/versions', { json: { folder: folderOf(models.echo) } })
    const made = await sandpit.replicate.predictions.create({
      model: 'ann/brief',
      input: { text: 'kept' },
    })
    await sandpit.replicate.wait(made)
    const remove = () => sandpit.ask('/v1/models/ann/brief', { method: 'DELETE' })
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    await expect(sandpit.replicate.models.get('ann', 'brief')).rejects.toThrow('404')
    expect((await sandpit.replicate.predictions.get(made.id)).output).toBe('kept')
  })
})

describe('an example', () => {
  it('of what was made is a prediction, and goes before the inputs a model comes with', async () => {
    const path = '/v1/models/sandpit/hello-world'
    const input = { text: 'an example' }
    const made = await sandpit.replicate.predictions.create({ model: 'sandpit/hello-world', input })
    const { output } = await sandpit.replicate.wait(made)
    await fetch(`${sandpit.url}/p/${made.id}/example`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    })
    const { results } = await (await sandpit.ask(`${path}/examples`)).json()
    expect(results[0]).toMatchObject({ id: made.id, output, data_removed: false })
    expect(results[1]).toMatchObject({ model: 'sandpit/hello-world', data_removed: true })
    const model = await sandpit.replicate.models.get('sandpit', 'hello-world')
    expect(model.default_example).toMatchObject({ id: made.id, input, output })
    expect((await sandpit.ask('/v1/models/test/echo/examples')).status).toBe(200)
    expect((await sandpit.ask('/v1/models/no/such/examples')).status).toBe(404)
  })
})

it('keeps what a version says of the frame around its input', () => {
  const own = { Input: { type: 'object' }, Status: { enum: ['mine'] } } as const
  expect(modelDocument(own).components).toMatchObject({
    schemas: { ...own, PredictionResponse: { properties: { output: expect.anything() } } },
  })
})
