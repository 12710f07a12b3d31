import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const source = (name: string) => `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/${name}', description: 'Says it again.',
  input: z.object({ text: z.string(), file: z.string().optional() }), output: z.string(),
  run: ({ text }) => text,
})`

const asker = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/asker', description: 'Asks another model.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }, ctx) => ctx.run('team/echo', { text: text + ' in private' }),
})`

const maker = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/maker', description: 'Makes a file.',
  input: z.object({ text: z.string() }), output: file(),
  run: ({ text }, ctx) => ctx.file(Buffer.from(text), { name: 'made.txt' }),
})`

const taker = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/taker', description: 'Takes a file.',
  input: z.object({ file: file() }), output: z.string(),
  run: () => 'taken',
})`

const models = [writeModels({ maker, taker, echo: source('echo'), other: source('other'), asker })]
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
    get: async (path: string, accept = 'text/html') => {
      const answer = await asked(path, { headers: { Accept: accept } })
      return { status: answer.status, text: await answer.text() }
    },
    async run(model = 'team/echo'): Promise<Response> {
      const page = await (await asked(`/${model}`)).text()
      const hidden = page.matchAll(
        /<input type="hidden" name="(model|version|key)" value="([^"]*)"/g,
      )
      const values = Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))
      const body = new URLSearchParams({ model, ...values, 'input.text': 'hush' })
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

it('is named no more beside files that it takes', async () => {
  const path = `/p/${idIn(await ada().run('team/maker'))}`
  await sandpit.runner.settledWithin(path.slice(3), 60_000)
  const views = () =>
    Promise.all([ada().get(path), ada().get(`${path}/panel`), olga().get(`${path}/panel`)])
  const namesIt = ({ text }: { text: string }) => text.includes('team/taker')
  expect((await views()).map(namesIt)).toEqual([true, true, true])
  const taken = { owner: 'team', name: 'taker' }
  await sandpit.edits.save(taken, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
  expect((await views()).map(namesIt)).toEqual([false, false, true])
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

it('shows its predictions to nobody else, although a public one started them', async () => {
  await hide()
  const id = idIn(await olga().run('team/asker'))
  expect(await sandpit.runner.settledWithin(id, 60_000)).toMatchObject({ status: 'succeeded' })
  const [child] = await sandpit.store.childrenOf(id)
  expect(child).toMatchObject({ visibility: 'private', status: 'succeeded' })
  for (const path of [
    '/predictions',
    `/p/${id}`,
    `/p/${id}/panel`,
    `/team/asker?prediction=${id}`,
  ]) {
    expect((await olga().get(path)).text, path).toContain(`/p/${child?.id}"`)
    const { status, text } = await ada().get(path)
    expect(status, path).toBe(200)
    expect(text, path).toContain(id)
    expect(text, path).not.toContain(child?.id)
  }
})

it('keeps its predictions private in examples once it is public again', async () => {
  await hide()
  const id = idIn(await olga().run())
  const made = await sandpit.runner.settledWithin(id, 60_000)
  if (made?.visibility !== 'private') throw new Error('It is not private')
  await sandpit.store.setExample(made, true, 1)
  const fields = { visibility: null, defaultExample: id }
  await sandpit.edits.save(ref, fields, { viewer: 'olga', revision: 1 })
  for (const [path, accept] of [
    ['/team/echo', 'application/json'],
    ['/team/echo', 'text/html'],
    ['/team/echo/examples', 'text/html'],
  ] as const) {
    const { status, text } = await ada().get(path, accept)
    expect(status).toBe(200)
    expect(text, path).not.toContain('hush')
  }
  const { text } = await olga().get('/team/echo', 'application/json')
  expect(JSON.parse(text).default_example).toMatchObject({ id, input: { text: 'hush' } })
})
