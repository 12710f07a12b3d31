import { afterEach, describe, expect, it } from 'vitest'
import { namedPerson } from '../support/named-person.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(environment: Readonly<Record<string, string>>): Promise<TestApp> {
  const sandpit = await createTestApp({ models: [], environment })
  closing.push(sandpit.close)
  return sandpit
}

describe('a person whom a proxy names', () => {
  const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga@example.com' }

  it('is kept at first sight, once, with a handle of their name', async () => {
    const sandpit = await start(environment)
    const ann = namedPerson(sandpit, 'Ann Kestrel@example.com')
    const pages = await Promise.all([1, 2, 3].map(() => ann.get('/predictions')))
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(pages[0]?.text).toContain('<a href="/account">ann-kestrel</a>')
    expect(pages[0]?.text).not.toContain('Sign out')
    expect(await sandpit.store.people(9, null)).toMatchObject([
      { issuer: 'header', subject: 'Ann Kestrel@example.com', handle: 'ann-kestrel' },
    ])
  })

  it('has the role that an operator set by hand, before any list', async () => {
    const sandpit = await start(environment)
    const [ann, olga] = [namedPerson(sandpit, 'ann'), namedPerson(sandpit, 'olga@example.com')]
    expect((await ann.get('/settings')).status).toBe(403)
    expect((await olga.get('/settings')).status).toBe(200)
    await sandpit.store.changePerson('ann', { role: 'operator' })
    await sandpit.store.changePerson('olga@example.com', { role: 'member' })
    expect((await ann.get('/settings')).status).toBe(200)
    expect((await olga.get('/settings')).status).toBe(403)
  })

  it('takes part in rules for everyone', async () => {
    const sandpit = await start({ ...environment, SANDPIT_GROUPS: '*=viewer' })
    await namedPerson(sandpit, 'ann').get('/predictions')
    const known = await sandpit.deps.people.byName('header', 'ann')
    expect(known).toMatchObject({ is: 'in', viewer: { role: 'viewer', namespaces: ['ann'] } })
  })

  it('is refused once disabled, at once', async () => {
    const sandpit = await start(environment)
    const ann = namedPerson(sandpit, 'ann')
    expect((await ann.get('/predictions')).status).toBe(200)
    await sandpit.store.changePerson('ann', { disabledAt: 1 })
    const refused = await ann.get('/predictions')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('Your account is disabled')
  })

  it('keeps pages for Back, as the proxy ends sessions', async () => {
    const sandpit = await start(environment)
    const answer = await namedPerson(sandpit, 'ann').ask('/predictions')
    expect(answer.headers.get('Cache-Control')).toBe('private, no-cache')
  })
})

describe('the person of a password', () => {
  it('is an operator with a record, once the password is right', async () => {
    const sandpit = await start({ SANDPIT_AUTH: 'basic:team:a word' })
    const ask = (password: string) =>
      sandpit.app.request('/settings', {
        headers: { Host: 'localhost', Authorization: `Basic ${btoa(`team:${password}`)}` },
      })
    const refused = await ask('another')
    expect(refused.status).toBe(401)
    expect(refused.headers.get('WWW-Authenticate')).toContain('Basic')
    expect(await sandpit.store.people(9, null)).toEqual([])
    expect((await ask('a word')).status).toBe(200)
    expect(await sandpit.store.people(9, null)).toMatchObject([{ issuer: 'basic', handle: 'team' }])
  })
})

describe('where nobody signs in', () => {
  it('keeps no people, names nobody and shows no way in', async () => {
    const sandpit = await start({ SANDPIT_AUTH: 'none' })
    const { text } = await namedPerson(sandpit, 'ann').get('/')
    expect(text).not.toContain('sign-in')
    expect(text).not.toContain('Sign')
    expect(await sandpit.store.people(9, null)).toEqual([])
  })
})
