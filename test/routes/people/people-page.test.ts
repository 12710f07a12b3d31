import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: 'a-token-for-tests-only',
}

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ environment, providers: () => [] })
})
afterEach(() => sandpit.close())

function person(name: string) {
  const { request } = createVisitor(sandpit)
  const headers = { 'X-User': name }
  const shown = async (answer: Response) => ({
    status: answer.status,
    to: answer.headers.get('Location'),
    text: await answer.text(),
  })
  return {
    get: async (path: string) => shown(await request(path, { headers })),
    post: async (path: string, values: Record<string, string>) =>
      shown(await request(path, { method: 'POST', headers, body: new URLSearchParams(values) })),
  }
}

const olga = () => person('olga')
const path = '/settings/people'
const found = async (id: string) => await sandpit.store.findPerson(id)
const handlesIn = (html: string) =>
  [...html.matchAll(/<tr id="([^"]*)">/g)].map(([, handle]) => handle)

it('is for operators alone', async () => {
  expect((await person('ada').get(path)).status).toBe(403)
  expect((await person('ada').post(path, { press: 'disable olga' })).status).toBe(403)
})

it('lists everybody who was here, by handle, and finds them by a part of a name', async () => {
  for (const name of ['Zoë', 'ada', 'ben']) await person(encodeURIComponent(name)).get('/account')
  const { text } = await olga().get(path)
  expect(handlesIn(text)).toEqual(expect.arrayContaining(['ada', 'ben', 'olga']))
  expect(text).toContain('member, by groups')
  expect(text).toContain('operator, by groups')
  expect(text).toMatch(/token:[0-9a-f]{16}/)
  expect(handlesIn((await olga().get(`${path}?q=BE`)).text)).toEqual(['ben'])
  expect((await olga().get(`${path}?q=nobody`)).text).toContain('Nobody here matches this')
})

it('is read in pages', async () => {
  const names = Array.from({ length: 51 }, (_, at) => `p${String(at).padStart(2, '0')}`)
  for (const name of names) await person(name).get('/account')
  const first = await olga().get(`${path}?q=p`)
  expect(handlesIn(first.text)).toEqual(names.slice(0, 50))
  const next = /rel="next" href="([^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  expect(handlesIn((await olga().get(next)).text)).toEqual(['p50'])
})

it('gives a role by hand and takes it back, at once and with an entry in the audit log', async () => {
  await person('ada').get('/account')
  await olga().post(path, { 'was-role-ada': 'groups', 'role-ada': 'operator' })
  expect((await person('ada').get(path)).status).toBe(200)
  await olga().post(path, { 'was-role-ada': 'operator', 'role-ada': 'groups' })
  expect((await person('ada').get(path)).status).toBe(403)
  expect(await found('ada')).toMatchObject({ role: null })
  const { entries } = await sandpit.store.entries({ actions: ['person changed'] }, 5, null)
  expect(entries.map(({ subject, detail }) => [subject, detail]).sort()).toEqual([
    ['ada', 'role: by groups → operator'],
    ['ada', 'role: operator → by groups'],
  ])
})

it('changes only what differs from what the form showed', async () => {
  await person('ada').get('/account')
  await person('ben').get('/account')
  await olga().post(path, { 'was-role-ada': 'groups', 'role-ada': 'viewer' })
  const stale = { 'was-role-ada': 'groups', 'role-ada': 'groups' }
  await olga().post(path, { ...stale, 'was-role-ben': 'groups', 'role-ben': 'viewer' })
  expect([(await found('ada'))?.role, (await found('ben'))?.role]).toEqual(['viewer', 'viewer'])
})

it('refuses a role that there is not, and keeps what was chosen', async () => {
  for (const name of ['ada', 'ben']) await person(name).get('/account')
  const wrong = { 'was-role-ada': 'groups', 'role-ada': 'emperor' }
  const sent = { ...wrong, 'was-role-ben': 'groups', 'role-ben': 'viewer' }
  const { status, text } = await olga().post(path, sent)
  expect(status).toBe(422)
  expect(text).toContain('Choose a role.')
  expect(text).toContain('<option value="viewer" selected="">viewer, by hand')
  expect((await found('ben'))?.role).toBeNull()
})

it('limits the runs of a day of one person, and leaves their other limits', async () => {
  await person('ada').get('/account')
  await sandpit.store.changePerson('ada', { quota: { waiting: 3 } })
  const set = (quota: string, was = '') =>
    olga().post(path, { 'was-role-ada': 'groups', 'day-ada': quota, 'was-day-ada': was })
  expect((await set('40')).status).toBe(303)
  expect((await found('ada'))?.quota).toEqual({ waiting: 3, perDay: 40 })
  expect((await olga().get(path)).text).toContain('value="40"')
  expect((await person('ada').get('/account')).text).toContain('0 of 40')
  const refused = await set('many', '40')
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('value="many"')
  expect((await set('', '40')).status).toBe(303)
  expect((await found('ada'))?.quota).toEqual({ waiting: 3 })
  const { entries } = await sandpit.store.entries({ actions: ['person changed'] }, 5, null)
  expect(entries.map(({ detail }) => detail).sort()).toEqual([
    'runs a day: 40 → by role',
    'runs a day: by role → 40',
  ])
})

it('shuts people out and lets them in again, with their sessions and tokens', async () => {
  await person('ada').get('/account')
  const hash = 'of a session'
  await sandpit.store.addSession({
    hash,
    person: 'ada',
    issuer: 'header',
    sid: null,
    idToken: null,
    agent: '',
    address: '',
    createdAt: 1,
    seenAt: 1,
    expiresAt: Date.now() + 1_000_000,
  })
  expect((await olga().post(path, { press: 'disable ada' })).status).toBe(303)
  expect((await person('ada').get('/account')).status).toBe(403)
  expect(await sandpit.store.findSession(hash)).toBeNull()
  expect((await olga().get(path)).text).toContain('>disabled</span>')
  await olga().post(path, { press: 'enable ada' })
  expect((await person('ada').get('/account')).status).toBe(200)
  expect((await olga().post(path, { press: 'disable nobody' })).status).toBe(404)
})

it('leaves the last operator what they are', async () => {
  await olga().get('/account')
  const down = { 'was-role-olga': 'groups', 'role-olga': 'member' }
  for (const values of [down, { press: 'disable olga' }]) {
    const { status, text } = await olga().post(path, values)
    expect(status).toBe(422)
    expect(text).toContain('You are the last operator here')
  }
  await person('ada').get('/account')
  await olga().post(path, { 'was-role-ada': 'groups', 'role-ada': 'operator' })
  const both = { ...down, 'was-role-ada': 'operator', 'role-ada': 'member' }
  expect((await olga().post(path, both)).status).toBe(422)
  expect((await olga().post(path, down)).status).toBe(303)
  expect((await olga().get(path)).status).toBe(403)
})

it('says what applies where nobody signs in', async () => {
  const open = await createTestApp({
    providers: () => [],
    environment: { SANDPIT_LOCAL_OPERATOR: 'true' },
  })
  const incoming = {
    httpVersion: '1.1',
    headers: { host: 'localhost' },
    socket: { remoteAddress: '127.0.0.1' },
    url: path,
  }
  const answer = await open.app.request(path, { headers: { Host: 'localhost' } }, { incoming })
  expect(await answer.text()).toContain('Nobody signs in here')
  await open.close()
})
