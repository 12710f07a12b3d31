import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const models = [
  writeModels({
    paint: `
      import { defineModel, file, z } from 'sandpit/model'
      export const paint = defineModel({
        name: 'team/paint',
        description: 'Makes a file.',
        input: z.object({ text: z.string(), seed: z.int().optional() }),
        output: file(),
        run: (_input, ctx) => ctx.file(new Uint8Array(1), { name: 'a.bin' }),
      })`,
    look: `
      import { defineModel, file, z } from 'sandpit/model'
      export const look = defineModel({
        name: 'team/look',
        description: 'Takes a file.',
        input: z.object({ thing: file() }),
        output: z.string(),
        run: () => 'seen',
      })`,
  }),
]
const paint = { owner: 'team', name: 'paint' }
const look = { owner: 'team', name: 'look' }

let sandpit: TestApp
/** A prediction of ada’s. */
let id: string
beforeAll(async () => {
  sandpit = await createTestApp({
    models,
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
  })
})
beforeEach(async () => {
  id = await run('ada', 'a dot')
})
afterEach(async () => {
  for (const ref of [paint, look]) await sandpit.edits.remove(ref)
})
afterAll(() => sandpit.close())

async function run(createdBy: string, text: string): Promise<string> {
  const model = await sandpit.runner.findModel(paint)
  if (!model) throw new Error('There is no such model')
  const request = { model, input: { text }, files: [], source: 'web', formKey: null } as const
  const started = await sandpit.runner.start({ ...request, createdBy })
  if (!started.ok) throw new Error(started.reason)
  const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
  expect(settled?.error).toBeNull()
  return started.prediction.id
}

async function get(name: string, path: string, method = 'GET') {
  const headers = { Host: 'localhost', Accept: 'text/html', 'X-User': name }
  return sandpit.app.request(path, { method, headers })
}

/** The page twice, so that the second is the one that was kept, and compressed; the three are the same. */
async function see(name: string, path: string): Promise<string> {
  const pages = [await (await get(name, path)).text(), await (await get(name, path)).text()]
  const headers = { Host: 'localhost', Accept: 'text/html', 'X-User': name }
  const answer = await sandpit.app.request(path, {
    headers: { ...headers, 'Accept-Encoding': 'gzip' },
  })
  expect(answer.headers.get('Content-Encoding')).toBe('gzip')
  pages.push(gunzipSync(await answer.arrayBuffer()).toString())
  const [page = '', ...others] = pages
  const withoutKey = (one: string) => one.replace(/name="key" value="\w+"/, '')
  for (const other of others) expect(withoutKey(other)).toBe(withoutKey(page))
  return page
}

async function post(name: string, path: string, values: Readonly<Record<string, string>> = {}) {
  const headers = { Host: 'localhost', 'X-User': name, 'Sec-Fetch-Site': 'same-origin' }
  const body = new URLSearchParams(values)
  expect((await sandpit.app.request(path, { method: 'POST', headers, body })).status).toBe(303)
}

describe.each([
  ['the page of a prediction', () => `/p/${id}`],
  ['the form beside a prediction', () => `/team/paint?prediction=${id}`],
])('%s', (_name, path) => {
  it('shows each kind of viewer what they may do, in any order', async () => {
    for (const name of ['ada', 'bob', 'olga', 'bob', 'ada', 'olga']) {
      const page = await see(name, path())
      expect(page.includes(`/p/${id}/deletion`), name).toBe(name !== 'bob')
      expect(page.includes(`/p/${id}/shares`), name).toBe(name !== 'bob')
      expect(page.includes('href="/settings"'), name).toBe(name === 'olga')
    }
  })

  it('shows each viewer their own star, at once', async () => {
    const isStarred = async (name: string) => (await see(name, path())).includes('★')
    expect([await isStarred('ada'), await isStarred('bob')]).toEqual([false, false])
    await post('bob', `/p/${id}/favourite`, { favourite: 'yes' })
    expect([await isStarred('ada'), await isStarred('bob')]).toEqual([false, true])
    await post('bob', `/p/${id}/favourite`, { favourite: 'no' })
    expect([await isStarred('ada'), await isStarred('bob')]).toEqual([false, false])
  })

  it('names the models that take its file, as they are now and to those who may use them', async () => {
    const names = async (name: string) => (await see(name, path())).includes('team/look')
    expect([await names('ada'), await names('olga')]).toEqual([true, true])
    await sandpit.edits.save(look, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
    expect([await names('ada'), await names('olga')]).toEqual([false, true])
    await sandpit.edits.save(look, { visibility: 'public' }, { viewer: 'olga', revision: 1 })
    expect(await names('ada')).toBe(true)
  })

  it('is gone with its prediction', async () => {
    await see('ada', path())
    await sandpit.runner.remove(id)
    expect(await (await get('ada', path())).text()).not.toContain(`/p/${id}/deletion`)
  })

  it('is not sent to who asks for another kind of document', async () => {
    await see('ada', path())
    for (const type of ['application/json', 'text/markdown']) {
      const headers = { Host: 'localhost', Accept: type, 'X-User': 'ada' }
      const answer = await sandpit.app.request(path(), { headers })
      expect(answer.headers.get('Content-Type')).toContain(type)
    }
  })

  it('has the headers of all pages', async () => {
    const lasting = ({ headers }: Response) =>
      Object.fromEntries([...headers].filter(([name]) => !['x-request-id', 'vary'].includes(name)))
    const varies = ({ headers }: Response) => new Set(headers.get('Vary')?.split(', '))
    // Another parameter leads past the pages that are kept.
    const other = `${path()}${path().includes('?') ? '&' : '?'}n=1`
    const [one, rendered] = [await get('ada', path()), await get('ada', other)]
    expect(lasting(one)).toEqual(lasting(rendered))
    expect(varies(one)).toEqual(varies(rendered))
  })

  it('is for those who are signed in', async () => {
    await see('ada', path())
    const headers = { Host: 'localhost', Accept: 'text/html' }
    expect((await sandpit.app.request(path(), { headers })).status).toBe(401)
  })

  it('answers HEAD', async () => {
    const head = await get('ada', path(), 'HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('names the host that it was asked from', async () => {
    for (const host of ['localhost:4001', 'localhost:4002']) {
      const headers = { Host: host, Accept: 'text/html', 'X-User': 'ada' }
      expect(await (await sandpit.app.request(path(), { headers })).text()).toContain(`>${host}<`)
    }
  })
})

describe('the page of a prediction', () => {
  it('shows its links to those who may share it, at once', async () => {
    expect(await see('ada', `/p/${id}`)).not.toContain('to share')
    await post('ada', `/p/${id}/shares`)
    const [share] = await shareLinksOf(sandpit, id)
    const link = share?.link ?? ''
    expect(await see('ada', `/p/${id}`)).toContain(link)
    expect(await see('bob', `/p/${id}`)).not.toContain(link)
    await post('ada', `/p/${id}/shares/${share?.id}/revocation`)
    expect(await see('ada', `/p/${id}`)).not.toContain(link)
  })

  it('says who made it', async () => {
    expect(await see('ada', `/p/${id}`)).toContain('who=me">you</a>')
    expect(await see('bob', `/p/${id}`)).toContain('who=ada">ada</a>')
  })
})

describe('the form beside a prediction', () => {
  it('shows each viewer their own last runs', async () => {
    const path = `/team/paint?prediction=${id}`
    const strip = async (name: string) =>
      /<nav[^>]*id="last-runs".*?<\/nav>/s.exec(await see(name, path))?.[0]
    expect(await strip('ada')).toContain(id)
    expect(await strip('bob')).not.toContain(id)
    const other = await run('bob', 'another dot')
    expect(await strip('bob')).toContain(other)
    expect(await strip('ada')).not.toContain(other)
  })

  it('has a key of its own each time, and the inputs of its prediction', async () => {
    const path = `/team/paint?prediction=${id}`
    const pages = [await see('ada', path), await see('ada', path)]
    const keys = pages.map((page) => /name="key" value="([a-z2-7]{26})"/.exec(page)?.[1])
    expect(new Set(keys).size).toBe(2)
    for (const page of pages) expect(page).toContain('>a dot</textarea>')
  })

  it('is that of the model as it is now', async () => {
    const path = `/team/paint?prediction=${id}`
    await see('ada', path)
    const edit = { description: 'Makes one file, edited.' }
    await sandpit.edits.save(paint, edit, { viewer: 'olga', revision: 0 })
    expect(await see('ada', path)).toContain('Makes one file, edited.')
  })
})
