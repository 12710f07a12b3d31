import { afterAll, beforeAll, expect, it } from 'vitest'
import { echo, writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'
import { ofPrediction } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues, toFormData } from '../../support/visitor.ts'

const token = 'a-token-for-tests-only'
const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: token,
}

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [writeModels({ echo })], environment })
})
afterAll(() => sandpit.close())

function person(name: string) {
  const { ask, get, post, run } = namedPerson(sandpit, name)
  return {
    get,
    post,
    /** Changes the description of the model as its edit page does. */
    async describe(description: string) {
      const seen = /name="seen" value="([^"]*)"/.exec((await get('/team/echo/edit')).text)?.[1]
      const body = toFormData({ seen: seen ?? '', description, visibility: 'public' })
      await ask('/team/echo/edit', { method: 'POST', body })
    },
    async run(values: FormValues = {}): Promise<string> {
      const id = idIn(await run('/team/echo', { 'input.text': 'hush', ...values }))
      await sandpit.runner.settledWithin(id, 60_000)
      return id
    },
  }
}

async function api(method: string, path: string, body?: object): Promise<Response> {
  const headers = { Host: 'localhost', Authorization: `Bearer ${token}` }
  if (!body) return sandpit.app.request(path, { method, headers })
  const json = { ...headers, 'Content-Type': 'application/json' }
  return sandpit.app.request(path, { method, headers: json, body: JSON.stringify(body) })
}

/** The entries that `act` makes, oldest first. */
async function entriesOf(act: () => Promise<unknown>) {
  const before = (await sandpit.store.entries({}, 1_000, null)).entries.length
  await act()
  const { entries } = await sandpit.store.entries({}, 1_000, null)
  return entries.slice(0, entries.length - before).reverse()
}

const olga = { actor: 'olga', actorName: 'olga', via: 'page', outcome: 'done', token: null }

it('keeps what operators change on pages, with who did it and what changed', async () => {
  const { post, describe } = person('olga')
  const settings = { model: 'team/echo', intake: 'paused', copies: '2', timeout: '', queue: '' }
  const deployment = { name: 'team/shop', model: 'team/echo', version: '', min: '0', max: '1' }
  const collection = { slug: 'best', title: 'Best', summary: '', models: 'team/echo' }
  const made = await entriesOf(async () => {
    await post('/settings/models', settings)
    await post('/settings/models', { ...settings, intake: 'open', copies: '' })
    await describe('Repeats.')
    await post('/deployments', deployment)
    await post('/deployments/team/shop/deletion')
    await post('/settings/collections', collection)
    await post('/settings/collections/best/deletion')
  })
  expect(made.map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ['model changed', 'team/echo', 'intake paused, concurrency 2'],
    ['model changed', 'team/echo', 'intake open, concurrency default'],
    ['model changed', 'team/echo', expect.stringContaining('description')],
    ['deployment changed', 'team/shop', 'release 1'],
    ['deployment changed', 'team/shop', 'deleted'],
    ['collection changed', 'collections/best', 'new'],
    ['collection changed', 'collections/best', 'deleted'],
  ])
  for (const entry of made) expect(entry).toMatchObject(olga)
})

it('keeps shares, examples and deletions, with whose they were', async () => {
  const ada = person('ada')
  const id = await ada.run()
  const made = await entriesOf(async () => {
    await ada.post(`/p/${id}/shares`)
    const [share] = await sandpit.store.sharesOf(ofPrediction(id))
    await ada.post(`/p/${id}/shares/${share?.id}/revocation`)
    await ada.post(`/p/${id}/example`)
    await person('olga').post(`/p/${id}/deletion`)
  })
  expect(made).toMatchObject([
    { action: 'share made', actor: 'ada', subject: `p/${id}`, subjectOwner: null },
    { action: 'share ended', actor: 'ada' },
    { action: 'prediction changed', detail: 'shown as an example' },
    { action: 'prediction deleted', actor: 'olga', subject: `p/${id}`, subjectOwner: 'ada' },
  ])
})

it('keeps the deletion of several, each once', async () => {
  const ada = person('ada')
  const ids = [await ada.run(), await ada.run()]
  const made = await entriesOf(() => {
    const both = new URLSearchParams(ids.map((id) => ['id', id]))
    const { request } = createVisitor(sandpit)
    const headers = { 'X-User': 'ada' }
    return request('/predictions/deletion', { method: 'POST', body: both, headers })
  })
  const deleted = made.filter(({ action }) => action === 'prediction deleted')
  expect(deleted.map(({ subject }) => subject).sort()).toEqual(ids.map((id) => `p/${id}`).sort())
})

it('keeps what programs change through the API', async () => {
  const { username } = await (await api('GET', '/v1/account')).json()
  const model = { owner: username, name: 'new', visibility: 'public', hardware: 'sandpit' }
  const { latest_version } = await (await api('GET', '/v1/models/team/echo')).json()
  const release = { version: latest_version.id, hardware: 'sandpit' }
  const limits = { min_instances: 0, max_instances: 1 }
  const made = await entriesOf(async () => {
    expect((await api('POST', '/v1/models', model)).status).toBe(201)
    await api('PATCH', `/v1/models/${username}/new`, { description: 'Says.' })
    await api('DELETE', `/v1/models/${username}/new`)
    const deployment = { name: 'shop', model: 'team/echo', ...release, ...limits }
    expect((await api('POST', '/v1/deployments', deployment)).status).toBe(200)
    await api('PATCH', `/v1/deployments/${username}/shop`, { max_instances: 3 })
    await api('DELETE', `/v1/deployments/${username}/shop`)
  })
  expect(made.map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ['model added', `${username}/new`, ''],
    ['model changed', `${username}/new`, 'description'],
    ['model removed', `${username}/new`, ''],
    ['deployment changed', `${username}/shop`, 'release 1'],
    ['deployment changed', `${username}/shop`, 'release 2'],
    ['deployment changed', `${username}/shop`, 'deleted'],
  ])
  for (const { via, actor } of made)
    expect({ via, actor }).toEqual({ via: 'api', actor: expect.stringMatching(/^token:/) })
})

it('keeps nothing of what was refused or changed nothing', async () => {
  const made = await entriesOf(async () => {
    await person('ada').post('/settings/models', { model: 'team/echo', intake: 'paused' })
    await person('olga').post('/settings/collections/none/deletion')
    await api('DELETE', `/v1/files/${'a'.repeat(26)}`)
  })
  expect(made).toEqual([])
})

it('keeps an operator’s look at what is private to others, once an hour', async () => {
  const id = await person('ada').run({ private: 'true' })
  const look = (name: string, path: string) => person(name).get(path)
  const made = await entriesOf(async () => {
    for (const path of ['', '/prediction.json', '/panel', '']) await look('olga', `/p/${id}${path}`)
    await look('olga', `/team/echo?prediction=${id}`)
    await look('ada', `/p/${id}`)
    await look('ben', `/p/${id}`)
  })
  expect(made).toMatchObject([
    { action: 'looked at', actorName: 'olga', subject: `p/${id}`, subjectOwner: 'ada' },
  ])
  const open = await person('ada').run()
  expect(await entriesOf(() => look('olga', `/p/${open}`))).toEqual([])
})

it('keeps exports', async () => {
  const made = await entriesOf(async () => {
    await person('ada').post('/predictions/export.csv')
    await person('ada').post('/predictions/export.jsonl')
  })
  const exported = made.filter(({ action }) => action === 'exported')
  expect(exported.map(({ actor, detail }) => [actor, detail])).toEqual([
    ['ada', 'as CSV'],
    ['ada', 'as JSON lines'],
  ])
})
