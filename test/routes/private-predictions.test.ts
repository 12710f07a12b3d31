import { afterAll, beforeAll, expect, it } from 'vitest'
import { echo, writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const asker = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/asker', description: 'Asks another model.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }, ctx) => ctx.run('team/echo', { text }),
})`

const slow = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/slow', description: 'Waits until it is canceled.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: (_, ctx) => new Promise((resolve) => ctx.signal.addEventListener('abort', resolve)),
})`

const outside = asker.replace('team/asker', 'others/asker')
const models = [writeModels({ echo, asker, slow, outside })]
const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: 'token-a-for-tests,token-b-for-tests',
}

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models, environment })
})
afterAll(() => sandpit.close())

const ada = () => namedPerson(sandpit, 'ada')
const ben = () => namedPerson(sandpit, 'ben')
const olga = () => namedPerson(sandpit, 'olga')

const hush = { 'input.text': 'hush' }
async function runPrivate(address = '/team/echo'): Promise<string> {
  const id = idIn(await ada().run(address, { ...hush, private: 'true' }))
  await sandpit.runner.settledWithin(id, 60_000)
  return id
}

const seesOf = async (id: string) =>
  Promise.all([ada(), ben(), olga()].map(async ({ get }) => (await get(`/p/${id}`)).status))

it('keeps a run with Private ticked for its maker and operators', async () => {
  const id = await runPrivate()
  expect(await seesOf(id)).toEqual([200, 404, 200])
  expect((await ada().get(`/p/${id}`)).text).toContain('<span class="tag">private</span>')
  expect((await ada().get('/predictions')).text).toContain('<span class="tag">private</span>')
  expect((await ben().get('/predictions')).text).not.toContain(id)
  expect((await ben().get(`/predictions?q=hush`)).text).not.toContain(id)
})

it('is public without the tick, and by the setting private from the start', async () => {
  const id = idIn(await ada().run('/team/echo', hush))
  expect(await seesOf(id)).toEqual([200, 200, 200])
  const other = await createTestApp({
    models,
    environment: { ...environment, SANDPIT_PREDICTIONS: 'private' },
  })
  const person = namedPerson(other, 'ada')
  expect(await person.openForm('/team/echo')).toMatchObject({ private: 'true', account: 'ada' })
  const quiet = idIn(await person.run('/team/echo', hush))
  expect((await namedPerson(other, 'ben').get(`/p/${quiet}`)).status).toBe(404)
  const made = await other.app.request('/v1/models/team/echo/predictions', {
    method: 'POST',
    headers: {
      Authorization: 'Bearer token-a-for-tests',
      'Content-Type': 'application/json',
      Host: 'localhost',
    },
    body: JSON.stringify({ input: { text: 'hush' } }),
  })
  expect(made.status).toBe(201)
  const { id: byToken } = (await made.json()) as { id: string }
  expect((await namedPerson(other, 'ada').get(`/p/${byToken}`)).status).toBe(404)
  await other.close()
})

it('stays private when it is run again and tweaked', async () => {
  const id = await runPrivate()
  const { text } = await ada().get(`/p/${id}`)
  const from = Object.fromEntries(
    [...text.matchAll(/name="(model|version|from)" value="([^"]*)"/g)].map(([, n, v]) => [n, v]),
  )
  const again = idIn(await ada().post('/predictions', from))
  expect(again).not.toBe(id)
  expect(await seesOf(again)).toEqual([200, 404, 200])
  for (const address of [`/team/echo?from=${id}`, `/team/echo?prediction=${id}`])
    expect(await ada().openForm(address), address).toMatchObject({ private: 'true' })
  expect(await ben().openForm(`/team/echo?from=${id}`)).not.toHaveProperty('private')
})

it('keeps the choice in a form that comes back with an error', async () => {
  const answer = await ada().run('/team/echo', { private: 'true', json: '{' })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toMatch(/name="private"[^>]* checked/)
})

it('refuses an account for which they do not act, and keeps what was typed', async () => {
  const answer = await ada().run('/team/echo', { ...hush, account: 'kestrel' })
  const text = await answer.text()
  expect(answer.status).toBe(422)
  expect(text).toContain('You do not act for kestrel')
  expect(text).toContain('hush')
})

it('can be made public and private by its maker and by an operator, with its sub-runs', async () => {
  const id = await runPrivate('/team/asker')
  const [child] = await sandpit.store.childrenOf(id)
  expect(await seesOf(child?.id ?? '')).toEqual([200, 404, 200])
  const setTo = (visibility: string) => ({ visibility })
  expect((await ben().post(`/p/${id}/visibility`, setTo('public'))).status).toBe(404)
  expect((await ada().post(`/p/${id}/visibility`, setTo('public'))).status).toBe(303)
  expect(await seesOf(id)).toEqual([200, 200, 200])
  expect(await seesOf(child?.id ?? '')).toEqual([200, 200, 200])
  expect((await ben().get(`/p/${id}`)).text).toContain(child?.id)
  await olga().post(`/p/${id}/visibility`, setTo('private'))
  expect(await seesOf(id)).toEqual([200, 404, 200])
  const { entries } = await sandpit.store.entries({ actions: ['prediction changed'] }, 10, null)
  const told = entries.map(({ actor, detail, subject }) => `${actor} ${detail} ${subject}`)
  expect(told).toEqual([`olga made private p/${id}`, `ada made public p/${id}`])
})

it('becomes public when it is shown as an example', async () => {
  const id = await runPrivate()
  expect((await ada().post(`/p/${id}/example`)).status).toBe(303)
  expect(await seesOf(id)).toEqual([200, 200, 200])
  expect((await ben().get('/team/echo/examples')).text).toContain(id)
})

it('offers no choice where nobody signs in', async () => {
  const open = await createTestApp({ models })
  const page = await namedPerson(open, '').get('/team/echo')
  expect(page.text).not.toContain('name="private"')
  await open.close()
})

it('is gone from a page that waits for news, once it is private', async () => {
  const id = idIn(await ada().run('/team/slow', hush))
  await sandpit.runner.until(id, (one) => one?.status === 'processing', 10_000)
  const { text } = await ben().get(`/p/${id}/panel`)
  const seen = /panel\?seen=([^&"]+)/.exec(text)?.[1] ?? ''
  const held = ben().get(`/p/${id}/panel?seen=${seen}`)
  await ada().post(`/p/${id}/visibility`, { visibility: 'private' })
  expect((await held).status).toBe(404)
  expect((await ada().get(`/p/${id}/panel`)).status).toBe(200)
  await sandpit.runner.cancel(id)
})

it('starts private models by the rights of its maker, and those of its own owner', async () => {
  const ref = { owner: 'team', name: 'echo' }
  const { revision } = sandpit.edits.of(ref)
  await sandpit.edits.save(ref, { visibility: 'private' }, { viewer: 'olga', revision })
  const statusAfter = async (person: ReturnType<typeof ada>, address: string) => {
    const id = idIn(await person.run(address, hush))
    return (await sandpit.runner.settledWithin(id, 60_000))?.status
  }
  expect(await statusAfter(ada(), '/team/asker')).toBe('succeeded')
  expect(await statusAfter(ada(), '/others/asker')).toBe('failed')
  expect(await statusAfter(olga(), '/others/asker')).toBe('succeeded')
})
