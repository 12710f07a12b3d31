import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const source = (name: string) => `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/${name}', description: 'Says it again.',
  input: z.object({ text: z.string(), file: z.string().optional() }), output: z.string(),
  run: ({ text }) => text,
})`

const models = [writeModels({ echo: source('echo'), other: source('other') })]
const ref = { owner: 'team', name: 'echo' }
const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: 'a-token-for-tests-only',
}

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ models, environment })
})
afterEach(() => sandpit.close())

function person(name: string) {
  const { request } = createVisitor(sandpit)
  const asked = (path: string, init: RequestInit = {}) =>
    request(path, { ...init, headers: { ...init.headers, 'X-User': name } })
  return {
    get: async (path: string) => {
      const answer = await asked(path)
      return { status: answer.status, text: await answer.text() }
    },
    async run(): Promise<Response> {
      const page = await (await asked('/team/echo')).text()
      const hidden = page.matchAll(
        /<input type="hidden" name="(model|version|key)" value="([^"]*)"/g,
      )
      const values = Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))
      const body = new URLSearchParams({ model: 'team/echo', ...values, 'input.text': 'hush' })
      return asked('/predictions', { method: 'POST', body })
    },
  }
}

const hide = () =>
  sandpit.edits.save(ref, { visibility: 'private' }, { viewer: 'olga', revision: 0 })

const ada = () => person('ada')
const olga = () => person('olga')

it('is not there for people who are not operators, on any page', async () => {
  await hide()
  const tabs = ['', '/readme', '/examples', '/api', '/versions', '/assets/cover.png']
  for (const tab of tabs) expect((await ada().get(`/team/echo${tab}`)).status, tab).toBe(404)
  for (const list of ['/', '/?q=echo', '/collections/team', '/predictions']) {
    const { status, text } = await ada().get(list)
    expect(status, list).toBe(200)
    expect(text, list).not.toContain('team/echo"')
    expect(text, list).not.toContain('>echo<')
  }
  expect((await ada().run()).status).toBe(404)
})

it('is there for operators, with a mark, and for programs', async () => {
  await hide()
  for (const tab of ['', '/readme', '/examples', '/api', '/versions'])
    expect((await olga().get(`/team/echo${tab}`)).status, tab).toBe(200)
  expect((await olga().get('/')).text).toContain('href="/team/echo"')
  expect((await olga().get('/team/echo')).text).toContain('<span class="tag">private</span>')
  const answer = await sandpit.app.request('/v1/models/team/echo', {
    headers: { Host: 'localhost', Authorization: 'Bearer a-token-for-tests-only' },
  })
  expect(await answer.json()).toMatchObject({ visibility: 'private' })
})

it('has private predictions', async () => {
  await hide()
  const made = await olga().run()
  expect(made.status).toBe(303)
  const { predictions } = await sandpit.store.page({}, 10, null)
  expect(predictions).toMatchObject([{ visibility: 'private', createdBy: 'olga' }])
  const id = predictions[0]?.id ?? ''
  expect((await ada().get(`/p/${id}`)).status).toBe(404)
  expect((await ada().get('/predictions')).text).not.toContain(id)
  expect((await olga().get('/predictions')).text).toContain(id)
})
