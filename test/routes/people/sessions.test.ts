import { hash } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { personOf } from '../../support/people.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const environment = {
  SANDPIT_AUTH: 'oidc',
  SANDPIT_OIDC_ISSUER: 'https://login.example',
  SANDPIT_OIDC_CLIENT_ID: 'sandpit',
  SANDPIT_OIDC_CLIENT_SECRET: 'a secret of a client',
  SANDPIT_OIDC_NAME: 'Keycloak',
  SANDPIT_ALLOW: '*',
  SANDPIT_GROUPS: '/studio/kestrel=kestrel',
}
const agents = {
  here: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1',
  work: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0',
}

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ environment, providers: () => [] })
  const groups = ['/studio/kestrel']
  await sandpit.store.addPerson(personOf('ann', { email: 'ann@halden.example', groups }))
  await sandpit.store.addPerson(personOf('bob'))
  for (const [name, agent] of Object.entries(agents)) await signIn(name, 'person:ann', agent)
  await signIn('of bob', 'person:bob', agents.here)
})
afterEach(() => sandpit.close())

const hashOf = (value: string) => hash('sha256', value, 'hex')

async function signIn(value: string, person: string, agent: string) {
  const at = Date.now()
  await sandpit.store.addSession({
    hash: hashOf(value),
    person,
    issuer: 'https://login.example',
    sid: null,
    idToken: null,
    agent,
    address: '10.0.3.41',
    createdAt: at,
    seenAt: at,
    expiresAt: at + 3_600_000,
  })
}

async function ask(session: string, path = '/account', values?: Record<string, string>) {
  const headers = {
    Host: 'localhost',
    Cookie: `session=${session}`,
    'Sec-Fetch-Site': 'same-origin',
  }
  const init = values ? { method: 'POST', body: new URLSearchParams(values) } : {}
  const answer = await sandpit.app.request(path, { ...init, headers })
  return { status: answer.status, text: await answer.text() }
}

const end = (session: string, which: string) => ask(session, '/account/sessions', { end: which })

it('says who one is, with whom one signed in, and where', async () => {
  const { text } = await ask('here')
  for (const said of ['ann@halden.example', 'signed in with Keycloak', '<b>kestrel</b>'])
    expect(text).toContain(said)
  for (const browser of ['Firefox on Linux', 'Safari on iPhone', 'Edge on Windows'])
    expect(text).toContain(browser)
  expect(text.match(/this one/g)).toHaveLength(1)
})

it('ends one session, at once, and nobody else’s', async () => {
  expect((await ask('phone')).status).toBe(200)
  expect((await end('here', hashOf('phone'))).status).toBe(303)
  expect((await ask('phone')).status).toBe(401)
  expect((await ask('work')).status).toBe(200)
  expect((await end('here', hashOf('of bob'))).status).toBe(404)
  expect((await ask('of bob')).status).toBe(200)
})

it('ends all others, with an entry in the audit log', async () => {
  expect((await end('here', 'others')).status).toBe(303)
  for (const [session, status] of [
    ['here', 200],
    ['phone', 401],
    ['work', 401],
    ['of bob', 200],
  ] as const)
    expect((await ask(session)).status).toBe(status)
  const { entries } = await sandpit.store.entries({ actions: ['signed out'] }, 5, null)
  expect(entries).toMatchObject([{ actor: 'person:ann', detail: 'everywhere else' }])
})

it('takes a token for a group as long as one is in it', async () => {
  const key = /name="key" value="(\w+)"/.exec((await ask('here')).text)?.[1] ?? ''
  const terms = { name: 'posters', scopes: 'read run', account: 'kestrel', ends: '30' }
  const made = await ask('here', '/account/tokens', { key, ...terms })
  const token = /value="(sandpit_\w{36})"/.exec(made.text)?.[1] ?? ''
  const account = async () => {
    const headers = { Host: 'localhost', Authorization: `Bearer ${token}` }
    const answer = await sandpit.app.request('/v1/account', { headers })
    return answer.status === 200 ? answer.json() : answer.status
  }
  const kestrel = { type: 'organization', username: 'kestrel', name: 'kestrel' }
  expect(await account()).toEqual(kestrel)
  await sandpit.store.changePerson('person:ann', { groups: [] })
  expect(await account()).toBe(401)
})
