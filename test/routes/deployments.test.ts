import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const waiter = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/waiter', description: 'Waits until it is told to stop.',
  input: z.object({ text: z.string() }), output: z.string(), copies: 3,
  async run({ text }, ctx) {
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
    return text
  },
})`

const models = [writeModels({ waiter })]
const token = 'a-token-for-tests-only'
const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: token,
}
const shop = { owner: 'team', name: 'shop' }
const waits = { owner: 'team', name: 'waiter' }
const typed = { name: 'team/shop', model: 'team/waiter', version: '', min: '0', max: '1' }

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models, environment })
})
afterEach(async () => {
  for (const { ref } of sandpit.deployments.all()) await sandpit.deployments.remove(ref)
  await sandpit.edits.remove(waits)
})
afterAll(() => sandpit.close())

async function ask(name: string, path: string, values?: Record<string, string>) {
  const { request } = createVisitor(sandpit)
  const body = values && { method: 'POST', body: new URLSearchParams(values) }
  const answer = await request(path, { ...body, headers: { 'X-User': name } })
  return { status: answer.status, to: answer.headers.get('Location'), text: await answer.text() }
}

async function run(): Promise<string> {
  const headers = {
    Host: 'localhost',
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  }
  const answer = await sandpit.app.request('/v1/deployments/team/shop/predictions', {
    method: 'POST',
    headers,
    body: JSON.stringify({ input: { text: 'a' } }),
  })
  return (await answer.json()).id
}

it('are made by operators, and seen by everyone who may use the model', async () => {
  expect((await ask('ada', '/deployments', typed)).status).toBe(403)
  expect((await ask('ada', '/deployments/team/shop')).status).toBe(403)
  expect((await ask('olga', '/deployments', typed)).to).toBe('/deployments')
  expect(sandpit.deployments.find(shop)?.current).toMatchObject({
    number: 1,
    model: waits,
    minInstances: 0,
    maxInstances: 1,
    createdBy: 'olga',
  })
  const seen = await ask('ada', '/deployments')
  expect(seen.text).toContain('<b>team/shop</b>')
  expect(seen.text).not.toContain('<form class="measure"')
  await sandpit.edits.save(waits, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
  expect((await ask('ada', '/deployments')).text).not.toContain('team/shop')
})

it('say how many of their predictions run and wait', async () => {
  await ask('olga', '/deployments', typed)
  const ids = [await run(), await run(), await run()]
  await eventually(async () =>
    expect((await ask('olga', '/deployments')).text).toContain('1 running, 2 waiting'),
  )
  expect((await ask('olga', '/deployments/team/shop/deletion')).text).toContain('The 3 that run')
  await Promise.all(ids.map((id) => sandpit.runner.cancel(id)))
  expect((await ask('olga', '/deployments')).text).toContain('0 running, 0 waiting')
})

it('are changed as new releases, unless somebody else was faster', async () => {
  await ask('olga', '/deployments', typed)
  const path = '/deployments/team/shop'
  const { text } = await ask('olga', path)
  const version = /<option value="(\w{64})" selected/.exec(text)?.[1] ?? ''
  expect(text).toContain(`${version.slice(0, 12)}, default, `)
  const changed = { version, min: '1', max: '2', release: '1' }
  expect((await ask('olga', path, changed)).status).toBe(303)
  expect(sandpit.deployments.find(shop)?.current).toMatchObject({ number: 2, maxInstances: 2 })
  const late = await ask('olga', path, { ...changed, max: '5' })
  expect(late.status).toBe(409)
  expect(late.text).toContain('Somebody else changed this deployment, too')
  expect(late.text).toMatch(/name="max"[^>]* value="5"/)
  expect((await ask('olga', path, { ...changed, max: '5', release: '2' })).status).toBe(303)
  expect((await ask('olga', `${path}/deletion`, {})).to).toBe('/deployments')
  expect(sandpit.deployments.all()).toEqual([])
})

it('say how long what runs them may be idle, or leave it to the model', async () => {
  await ask('olga', '/deployments', { ...typed, idle: '90' })
  expect(sandpit.deployments.find(shop)?.current.idleMs).toBe(90_000)
  const path = '/deployments/team/shop'
  const { text } = await ask('olga', path)
  expect(text).toMatch(/name="idle"[^>]* value="90"/)
  const version = sandpit.deployments.find(shop)?.current.version ?? ''
  await ask('olga', path, { version, min: '0', max: '1', idle: '', release: '1' })
  expect(sandpit.deployments.find(shop)?.current).toMatchObject({ number: 2, idleMs: null })
})

it('list the versions of a model to choose from before they are made', async () => {
  const version = (await sandpit.runner.findModel(waits))?.version.id ?? ''
  const option = `<option value="${version}" selected="">${version.slice(0, 12)}, default, `
  const before = await ask('olga', '/deployments')
  expect(before.text).toMatch(/<input id="version"/)
  const listed = await ask('olga', '/deployments', { ...typed, max: '7', press: 'list versions' })
  expect(listed.status).toBe(200)
  expect(listed.text).toContain(option)
  expect(listed.text).toMatch(/name="max"[^>]* value="7"/)
  expect(sandpit.deployments.all()).toEqual([])
  const part = await ask('olga', '/deployments/versions?model=team%2Fwaiter')
  expect(part.text).toContain(option)
  expect(part.text).not.toContain('<html')
  expect((await ask('olga', '/deployments/versions?model=team%2Fnone')).text).toContain('<input')
  expect((await ask('ada', '/deployments/versions?model=team%2Fwaiter')).status).toBe(403)
})

it('keep a version that is gone until another one is chosen', async () => {
  const version = 'e'.repeat(64)
  const release = { number: 1, model: waits, version, hardware: 'sandpit', idleMs: null }
  const made = { minInstances: 0, maxInstances: 1, createdAt: 0, createdBy: 'olga' }
  await sandpit.deployments.save({ ref: shop, current: { ...release, ...made } })
  const path = '/deployments/team/shop'
  const { text } = await ask('olga', path)
  expect(text).toContain(`<option value="${version}" selected="">eeeeeeeeeeee, cannot be run`)
  const changed = { version, min: '0', max: '0', release: '1' }
  expect((await ask('olga', path, changed)).status).toBe(303)
  expect(sandpit.deployments.find(shop)?.current).toMatchObject({ version, maxInstances: 0 })
  const wrong = { ...changed, version: 'd'.repeat(64), release: '2' }
  expect((await ask('olga', path, wrong)).status).toBe(422)
})

it('are fetched again without the page, by everyone who sees them', async () => {
  await ask('olga', '/deployments', typed)
  expect((await ask('ada', '/deployments')).text).toContain('hx-get="/deployments/list"')
  const { request } = createVisitor(sandpit)
  const part = await request('/deployments/list', { headers: { 'X-User': 'ada' } })
  expect(part.headers.get('Sandpit')).toBe('fragment')
  const text = await part.text()
  expect(text).toContain('0 running, 0 waiting')
  expect(text).not.toContain('<html')
  await sandpit.edits.save(waits, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
  expect((await ask('ada', '/deployments/list')).text).not.toContain('team/shop')
})

it('are not overwritten by somebody who saves at the same moment', async () => {
  const post = (path: string, values: Record<string, string>) => ask('olga', path, values)
  const statusesOf = async (...answers: ReturnType<typeof post>[]) =>
    (await Promise.all(answers)).map(({ status }) => status).toSorted()
  const both = [post('/deployments', typed), post('/deployments', { ...typed, max: '2' })]
  expect(await statusesOf(...both)).toEqual([303, 422])
  const path = '/deployments/team/shop'
  const version = sandpit.deployments.find(shop)?.current.version ?? ''
  const changed = { version, min: '0', release: '1' }
  const changes = ['3', '4'].map((max) => post(path, { ...changed, max }))
  expect(await statusesOf(...changes)).toEqual([303, 409])
  expect(sandpit.deployments.find(shop)?.current).toMatchObject({ number: 2 })
  expect(await sandpit.store.deployments()).toEqual(sandpit.deployments.all())
})

it.each([
  [{ name: 'shop' }, 'Enter a name such as owner/name.'],
  [{ model: 'team/nothing' }, 'There is no model team/nothing.'],
  [{ version: 'f'.repeat(64) }, 'team/waiter does not run this version.'],
  [{ max: '21' }, 'Enter a whole number from 0 to 20.'],
  [{ min: 'few' }, 'Enter a whole number from 0 to 5.'],
  [{ idle: '0' }, 'Enter a whole number from 1 to 2,592,000, or nothing.'],
])('that say %o are refused with everything that was typed', async (changes, sentence) => {
  const answer = await ask('olga', '/deployments', { ...typed, ...changes })
  expect(answer.status).toBe(422)
  expect(answer.text).toContain(sentence)
  expect(answer.text).toContain(`value="${Object.values(changes)[0]}"`)
  expect(sandpit.deployments.all()).toEqual([])
})
