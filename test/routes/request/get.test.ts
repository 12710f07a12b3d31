import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { createApi } from '../../../src/routes/api/index.ts'
import { eventually } from '../../support/eventually.ts'
import { ofPrediction, shareOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const token = 'a-token-for-tests'
const share = 'a'.repeat(26)

let sandpit: TestApp
let values: Readonly<Record<string, string>>
beforeAll(async () => {
  sandpit = await createTestApp({
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_API_TOKENS: token,
      SANDPIT_URL: 'http://ml.example.com',
    },
  })
  const { runner, store } = sandpit
  const ref = { owner: 'sandpit', name: 'image-tools' }
  const model = await runner.findModel(ref)
  if (!model) throw new Error('There is no such model')
  const asset = await sandpit.providers[0]?.asset(ref, 'photo.jpg')
  if (!asset) throw new Error('There is no such file')
  const stored = await sandpit.files.put(asset.content, 2 ** 30)
  const file = { ...stored, ref: 'b'.repeat(26), name: 'photo.jpg' }
  await store.addFile(file, 'ada', Date.now())
  const started = await runner.start({
    model,
    input: withFile(model.examples[0] ?? {}, `sandpit:${file.ref}/photo.jpg`),
    files: [file],
    createdBy: 'olga',
    source: 'web',
    formKey: null,
  })
  if (!started.ok) throw new Error(started.reason)
  const { id } = started.prediction
  const made = await runner.settledWithin(id, 60_000)
  expect(made?.error).toBeNull()
  await store.share(shareOf(share, id))
  values = {
    ...ref,
    id,
    token: share,
    ref: file.ref,
    file: 'photo.jpg',
    slug: 'sandpit',
    inline: '0',
    model_owner: ref.owner,
    model_name: ref.name,
    prediction_id: id,
    version_id: model.version.id,
    file_id: file.ref,
  }
})
afterAll(() => sandpit.close())

/** An example with a file of ours in the place of the one that the model brings. */
function withFile(example: JsonObject, uri: string): JsonObject {
  const entries = Object.entries(example).map(([name, value]) => {
    const isFile = typeof value === 'string' && value.startsWith('./')
    return [name, isFile ? uri : value] as const
  })
  return Object.fromEntries(entries)
}

function get(path: string): Promise<Response> {
  const asked = sandpit.app.request(path, {
    headers: { Host: 'ml.example.com', 'X-User': 'olga', Authorization: `Bearer ${token}` },
  })
  return Promise.resolve(asked)
}

/** Every address that a GET has an answer for, with what is there in the place of its parameters. */
function addresses(): string[] {
  const api = createApi(sandpit.deps, ({ url }) => new URL(url).pathname)
  const routes = [...sandpit.app.routes, ...api.routes].filter(({ method }) => method === 'GET')
  const plain = routes
    .filter(({ path }) => !path.includes('/streams/') && !path.endsWith('/stream'))
    .map(({ path }) => path.replace(/:(\w+)/g, (_all, name) => values[name] ?? 'x'))
  const model = `/${values.owner}/${values.name}`
  const file = `http://ml.example.com/files/${values.ref}/photo.jpg`
  const asset = `http://ml.example.com${model}/assets/photo.jpg`
  const queries = [
    'example=default',
    'example=1',
    'example=2',
    `from=${values.id}`,
    `input.image=${encodeURIComponent(file)}`,
    `input.image=${encodeURIComponent(asset)}`,
  ]
  const asked = [model, `${model}/api`].flatMap((at) => queries.map((query) => `${at}?${query}`))
  return [...new Set([...plain, ...asked])]
}

it('writes nothing, whatever it asks for', async () => {
  const database = new DatabaseSync(join(sandpit.data, 'sandpit.sqlite'), { readOnly: true })
  // Other than its own connection's, this number changes with each change to the database.
  const version = () => database.prepare('pragma data_version').get()
  const contents = async () => {
    const found: string[] = []
    for await (const sha256 of sandpit.files.list(Date.now() + 60_000)) found.push(sha256)
    return found.length
  }
  // The index of the search follows the models by itself, and a search waits for it.
  await get('/?q=poster')
  // Only that a share link was opened is kept, once a minute for the same viewer.
  await get(`/s/${share}`)
  await eventually(async () =>
    expect((await sandpit.store.sharesOf(ofPrediction(values.id ?? '')))[0]?.opens).toBe(1),
  )
  // Runs are counted some seconds after they ended.
  await sandpit.deps.statistics.write()
  const before = { version: version(), contents: await contents() }
  const statuses = new Map<string, number>()
  for (const path of addresses()) {
    const response = await get(path)
    await response.arrayBuffer()
    statuses.set(path, response.status)
    expect({ version: version(), contents: await contents() }, path).toEqual(before)
  }
  database.close()
  expect([...statuses].filter(([, status]) => status >= 500)).toEqual([])
  expect([...statuses.values()].filter((status) => status === 200).length).toBeGreaterThan(40)
})

it('is never kept by a cache that serves others, but for our own stylesheet and scripts', async () => {
  for (const path of addresses().filter((one) => !one.startsWith('/v1/'))) {
    if (['/healthz', '/readyz'].includes(path) || path.startsWith('/hooks/')) continue
    const response = await get(path)
    await response.arrayBuffer()
    expect(response.headers.get('Cache-Control') ?? 'none', path).toMatch(/^(?:private|no-store)/)
  }
})

it('of a shared picture is asked for anew once its link has ended', async () => {
  const thumbnail = `/s/${share}/thumbnail.jpg`
  const response = await get(thumbnail)
  expect(response.status).toBe(200)
  expect(response.headers.get('Cache-Control')).toBe('private, no-cache')
  await sandpit.store.endShares({ of: ofPrediction(values.id ?? '') }, Date.now())
  expect((await get(thumbnail)).status).toBe(404)
})
