import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const models = [
  writeModels({
    echo: `
      import { defineModel, z } from 'sandpit/model'
      export const echo = defineModel({
        name: 'team/echo',
        description: 'Repeats.',
        input: z.object({ text: z.string() }),
        output: z.string(),
        run: ({ text }) => text,
      })`,
  }),
]

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({
    models,
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
  })
})
afterEach(() => sandpit.close())

function get(path: string, headers: Record<string, string> = { 'X-User': 'olga' }) {
  return Promise.resolve(
    sandpit.app.request(path, { headers: { Host: 'localhost', Accept: 'text/html', ...headers } }),
  )
}

/** The headers that do not differ from request to request. */
function lasting({ headers }: Response) {
  return Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id'))
}

// A query leads past the pages that are kept.
const [kept, rendered] = ['/team/echo', '/team/echo?text=typed']

describe('a kept page', () => {
  it('has the headers of all pages', async () => {
    for (const encoding of ['gzip', 'identity']) {
      const headers = { 'X-User': 'olga', 'Accept-Encoding': encoding, 'X-Request-Id': 'my-own' }
      const [one, other] = [await get(kept, headers), await get(rendered, headers)]
      expect(one.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
      expect(one.headers.get('X-Request-Id')).toBe('my-own')
      const { vary: _, 'content-encoding': __, ...more } = lasting(other)
      expect(lasting(one)).toMatchObject(more)
    }
    expect((await get(kept)).headers.get('X-Request-Id')).toMatch(/^[\da-f-]{36}$/)
  })

  it('is for those who are signed in', async () => {
    expect((await get(kept)).status).toBe(200)
    expect((await get(kept, {})).status).toBe(401)
  })

  it('differs for operators, in either encoding', async () => {
    const settings = 'href="/settings"'
    for (const name of ['olga', 'ada', 'olga', 'ada']) {
      const page = await (await get(kept, { 'X-User': name })).text()
      expect(page.includes(settings), name).toBe(name === 'olga')
    }
  })

  it('is that of the model as it is now', async () => {
    const ref = { owner: 'team', name: 'echo' }
    await get(kept)
    await sandpit.edits.save(ref, { description: 'Says it.' }, { viewer: 'olga', revision: 0 })
    expect(await (await get(kept)).text()).toContain('Says it.')
    await sandpit.edits.save(ref, { visibility: 'private' }, { viewer: 'olga', revision: 1 })
    expect((await get(kept, { 'X-User': 'ada' })).status).toBe(404)
    expect((await get(kept)).status).toBe(200)
  })

  it('is not sent to who asks for another kind of document', async () => {
    const json = await get(kept, { 'X-User': 'olga', Accept: 'application/json' })
    expect(json.headers.get('Content-Type')).toContain('application/json')
    const first = await get(kept, { 'X-User': 'olga', Accept: 'text/markdown, text/html;q=0.5' })
    expect(first.headers.get('Content-Type')).toContain('text/markdown')
  })
})
