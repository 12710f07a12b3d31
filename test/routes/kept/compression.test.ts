import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  echo: `
    import { defineModel, z } from 'sandpit/model'
    export const echo = defineModel({
      name: 'test/echo',
      description: 'Repeats — “…”.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      run: ({ text }) => text,
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

type Visitor = ReturnType<typeof createVisitor>

async function gzipped(visitor: Visitor, path: string): Promise<string> {
  const response = await visitor.request(path, { headers: { 'Accept-Encoding': 'gzip, br' } })
  expect(response.headers.get('Content-Encoding')).toBe('gzip')
  return gunzipSync(await response.arrayBuffer()).toString()
}

async function plain(visitor: Visitor, path: string, accepted?: string): Promise<string> {
  const headers = accepted === undefined ? {} : { 'Accept-Encoding': accepted }
  const response = await visitor.request(path, { headers })
  expect(response.headers.get('Content-Encoding')).toBeNull()
  return response.text()
}

async function run(visitor: Visitor, text: string): Promise<string> {
  const id = idIn(await visitor.run('test/echo', { text }))
  await sandpit.runner.settledWithin(id, 60_000)
  return id
}

const keyIn = (page: string) => /name="key" value="([a-z2-7]{26})"/.exec(page)?.[1]
const withoutKey = (page: string) => page.replaceAll(keyIn(page) ?? 'none', 'KEY')

describe('the page of a model', () => {
  const path = '/test/echo'

  it('is the same text compressed and not, each with a key of its own', async () => {
    const visitor = createVisitor(sandpit)
    const pages = [
      await gzipped(visitor, path),
      await gzipped(visitor, path),
      await plain(visitor, path),
      await plain(visitor, path, 'identity'),
      await plain(visitor, path, 'gzip;q=0, *;q=0'),
    ]
    expect(new Set(pages.map(withoutKey)).size).toBe(1)
    expect(new Set(pages.map(keyIn)).size).toBe(pages.length)
  })

  it('says that its encoding was chosen by the request, and has no ranges', async () => {
    const visitor = createVisitor(sandpit)
    for (const encoding of ['gzip', 'identity']) {
      const headers = { 'Accept-Encoding': encoding, Range: 'bytes=0-10' }
      const response = await visitor.request(path, { headers })
      expect(response.status).toBe(200)
      expect(response.headers.get('Vary')).toBe('Accept, Accept-Encoding')
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000)
    }
  })

  it('answers HEAD with the headers of its GET', async () => {
    const visitor = createVisitor(sandpit)
    const ask = (method: string) =>
      visitor.request(path, { method, headers: { 'Accept-Encoding': 'gzip' } })
    await ask('GET')
    const [head, get] = [await ask('HEAD'), await ask('GET')]
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    for (const name of ['Content-Type', 'Content-Encoding', 'Vary', 'Cache-Control'])
      expect(head.headers.get(name), name).toBe(get.headers.get(name))
  })

  it('shows each viewer their own last runs, and those at once', async () => {
    const [ada, bob, nobody] = [
      createVisitor(sandpit),
      createVisitor(sandpit),
      createVisitor(sandpit),
    ]
    const first = await run(ada, 'of ada')
    const other = await run(bob, 'of bob')
    for (const read of [gzipped, plain]) {
      const [adas, bobs, nobodys] = [
        await read(ada, path),
        await read(bob, path),
        await read(nobody, path),
      ]
      expect(adas).toContain(first)
      expect(adas).not.toContain(other)
      expect(bobs).toContain(other)
      expect(bobs).not.toContain(first)
      for (const id of [first, other]) expect(nobodys).not.toContain(id)
    }
    const second = await run(ada, 'of ada, again')
    for (const read of [gzipped, plain]) expect(await read(ada, path)).toContain(second)
    await sandpit.runner.remove(second)
    for (const read of [gzipped, plain]) {
      expect(await read(ada, path)).not.toContain(second)
      expect(await read(ada, path)).toContain(first)
    }
  })
})
