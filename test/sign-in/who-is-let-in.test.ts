import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createCookieBrowser } from '../support/cookie-browser.ts'
import { type Claims, environmentFor } from '../support/identity-provider.ts'
import { writeModels } from '../support/models.ts'
import { type SignedInOptions, startSignedInApp } from '../support/signed-in-app.ts'
import { createTestApp } from '../support/test-app.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(
  people: Readonly<Record<string, Claims>>,
  environment: Readonly<Record<string, string>> = {},
  more: SignedInOptions = {},
) {
  const started = await startSignedInApp({ people, environment, ...more })
  closing.push(started.close)
  const { url, sandpit, identity } = started
  async function signIn(login: string) {
    const browser = createCookieBrowser()
    const shown = await browser.signIn(`${url}/sign-in`, login)
    const person = await sandpit.store.findSubject(identity.issuer, login)
    const status = async (path: string) => (await browser.ask(url + path)).status
    return { browser, shown, person, status }
  }
  return { ...started, signIn }
}

describe('SANDPIT_ALLOW and SANDPIT_GROUPS', () => {
  const everyone = { SANDPIT_ALLOW: '*' }

  it('keep out those of whom neither speaks, without a session, and say whom to ask', async () => {
    const people = {
      ann: { preferred_username: 'ann', groups: ['/ml'] },
      ben: { name: 'Ben', email: 'ben@example.com', groups: ['/sales'] },
    }
    const rules = { SANDPIT_ALLOW: '', SANDPIT_GROUPS: '/ml=vision' }
    const { signIn, sandpit } = await start(people, rules)
    expect((await signIn('ann')).shown.status).toBe(200)
    const ben = await signIn('ben')
    expect(ben.shown.status).toBe(403)
    expect(ben.shown.text).toContain('You are known as <b>ben@example.com</b>, but none of your')
    expect(ben.person).toBeNull()
    const { entries } = await sandpit.store.entries({}, 5, null)
    const kept = entries.map(({ action, actorName, outcome }) => [action, actorName, outcome])
    expect(kept.sort()).toEqual([
      ['sign-in refused', 'ben@example.com', 'refused'],
      ['signed in', 'ann', 'done'],
    ])
  })

  it.each<[string, Claims, number]>([
    ['a verified address of the domain', { email: 'a@Example.com', email_verified: true }, 200],
    ['an address that is not verified', { email: 'a@example.com' }, 403],
    ['an address of a longer domain', { email: 'a@evil-example.com', email_verified: true }, 403],
    ['a Workspace of that domain', { hd: 'example.com' }, 200],
    ['another Workspace', { hd: 'example.org' }, 403],
    ['a group that is called so', { groups: ['@example.com'] }, 403],
  ])('let in by a domain: %s', async (_who, claims, status) => {
    const { signIn } = await start({ ann: claims }, { SANDPIT_ALLOW: '@example.com' })
    expect((await signIn('ann')).shown.status).toBe(status)
  })

  it('give namespaces and roles, and the greatest role counts', async () => {
    const people = {
      ann: { groups: ['/ml', '/ml/ops'] },
      ben: { groups: ['/sales'] },
      eve: { groups: 'a, /ml' },
      zoe: { email: 'zoe@example.com', email_verified: true },
    }
    const { signIn } = await start(people, {
      ...everyone,
      SANDPIT_GROUPS: '/ml=vision,/ml/ops=ops:operator,*=viewer,zoe@example.com=operator',
    })
    expect(await (await signIn('ann')).status('/settings')).toBe(200)
    expect(await (await signIn('ben')).status('/settings')).toBe(403)
    expect(await (await signIn('eve')).status('/settings')).toBe(403)
    expect(await (await signIn('zoe')).status('/settings')).toBe(200)
  })

  it('read the groups at a path with dots', async () => {
    const { signIn } = await start(
      { ann: { realm_access: { roles: ['boss'] } } },
      { ...everyone, SANDPIT_OIDC_GROUPS: 'realm_access.roles', SANDPIT_GROUPS: 'boss=operator' },
    )
    expect(await (await signIn('ann')).status('/settings')).toBe(200)
  })

  it('name operators by verified address or id alone', async () => {
    const people = {
      ann: { email: 'ann@example.com', email_verified: true },
      ben: { email: 'ann@example.com' },
      eve: { preferred_username: 'zed' },
      zed: { preferred_username: 'ann@example.com' },
    }
    const rules = { ...everyone, SANDPIT_OPERATORS: 'ann@example.com,zed' }
    const { signIn } = await start(people, rules)
    expect(await (await signIn('ann')).status('/settings')).toBe(200)
    expect(await (await signIn('ben')).status('/settings')).toBe(403)
    expect(await (await signIn('eve')).status('/settings')).toBe(403)
    expect(await (await signIn('zed')).status('/settings')).toBe(200)
  })
})

describe('a role that an operator set by hand', () => {
  it('comes before that of the groups, at once and at the next sign-in', async () => {
    const { signIn, sandpit } = await start(
      { ann: { groups: ['ops'] } },
      { SANDPIT_GROUPS: 'ops=operator' },
    )
    const { person, status } = await signIn('ann')
    expect(await status('/settings')).toBe(200)
    await sandpit.store.changePerson(person?.id ?? '', { role: 'viewer' })
    expect(await status('/settings')).toBe(403)
    expect(await (await signIn('ann')).status('/settings')).toBe(403)
  })
})

describe('an owner name that an operator gave by hand', () => {
  it('stays at the next sign-in, beside those of the groups that the provider then sends', async () => {
    const people: Record<string, Claims> = { ann: { groups: ['/ml'] } }
    const rules = { SANDPIT_GROUPS: '*=member,/ml=ml,/art=art' }
    const { signIn, sandpit, url } = await start(people, rules)
    const { person } = await signIn('ann')
    await sandpit.store.changePerson(person?.id ?? '', { givenNamespaces: ['lab', 'ml'] })
    people.ann = { groups: ['/art'] }
    const { browser } = await signIn('ann')
    const { text } = await browser.ask(`${url}/account`)
    for (const name of ['lab', 'ml', 'art']) expect(text).toContain(`<b>${name}</b>`)
  })
})

describe('somebody whom an operator disabled', () => {
  it('is refused at once, with every session, and at the next sign-in', async () => {
    const { signIn, sandpit, url } = await start({ ann: { name: 'Ann' } })
    const { person, browser, status } = await signIn('ann')
    expect(await status('/predictions')).toBe(200)
    await sandpit.store.changePerson(person?.id ?? '', { disabledAt: Date.now() })
    const shown = await browser.ask(`${url}/predictions`)
    expect(shown.status).toBe(403)
    expect(shown.text).toContain('Your account is disabled')
    expect((await browser.ask(`${url}/theme`, { method: 'POST' })).status).toBe(403)
    const again = await signIn('ann')
    expect(again.shown.status).toBe(403)
    expect(again.shown.text).toContain('has disabled your account')
    await sandpit.store.changePerson(person?.id ?? '', { disabledAt: null })
    expect(await status('/predictions')).toBe(200)
  })
})

describe('a handle', () => {
  const echo = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'studio/echo', description: 'Echo.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => text,
})`

  it('is made of the name, is nobody else’s, no group’s, no owner’s and none of our addresses', async () => {
    const people = {
      one: { preferred_username: 'Zoë.Brown@example.com' },
      two: { preferred_username: 'zoe.brown', email: 'other@example.com' },
      three: { preferred_username: 'vision' },
      four: { preferred_username: 'studio' },
      five: { preferred_username: 'settings' },
      six: { preferred_username: '李雷' },
      seven: {},
    }
    const { signIn } = await start(
      people,
      { SANDPIT_GROUPS: 'x=vision' },
      { models: [writeModels({ echo })] },
    )
    const handles: (string | undefined)[] = []
    for (const login of Object.keys(people)) handles.push((await signIn(login)).person?.handle)
    expect(handles).toEqual([
      ...['zoe.brown', 'zoe.brown-2', 'vision-2', 'studio-2', 'settings-2', 'person', 'person-2'],
    ])
  })

  it('stays when the name changes, and is of the id: another with the name and address is another', async () => {
    const ann: Record<string, unknown> = { preferred_username: 'ann', email: 'ann@example.com' }
    const { signIn } = await start({ ann, eve: { ...ann } })
    const before = (await signIn('ann')).person
    ann.preferred_username = 'ann-married'
    ann.name = 'Ann Married'
    const after = (await signIn('ann')).person
    expect(after).toMatchObject({ id: before?.id, handle: 'ann', name: 'Ann Married' })
    const eve = (await signIn('eve')).person
    expect(eve?.handle).toBe('ann-2')
    expect(eve?.id).not.toBe(before?.id)
  })
})

describe('a list of groups that the provider cut', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `group-${at}`)
  it.each<[string, Claims, number]>([
    ['at 100', { groups: many(100) }, 1],
    ['at 200', { groups: many(200) }, 1],
    ['and put elsewhere', { _claim_names: { groups: 'src1' } }, 1],
    ['nowhere, with 101', { groups: many(101) }, 0],
  ])('%s is logged, and shown to operators', async (_how, claims, count) => {
    const logged: object[] = []
    const log = { info() {}, error: (details: object) => logged.push(details) }
    const people = { ann: { email: 'ann@example.com', ...claims }, olga: { groups: ['ops'] } }
    const rules = { SANDPIT_ALLOW: '*', SANDPIT_GROUPS: 'ops=operator' }
    const { signIn, url } = await start(people, rules, { log })
    expect((await signIn('ann')).shown.status).toBe(200)
    expect(logged).toHaveLength(count)
    const { browser } = await signIn('olga')
    const { text } = await browser.ask(`${url}/settings`)
    expect(text.includes('ann@example.com')).toBe(count > 0)
  })
})

describe('a session from before a start with other settings', () => {
  it('holds only for those who would still be let in, at the same provider', async () => {
    const data = mkdtempSync(join(tmpdir(), 'sandpit-settings-'))
    const { signIn, identity, url } = await start(
      { ann: { groups: ['/ml'] } },
      { SANDPIT_ALLOW: '/ml' },
      { data },
    )
    const { browser } = await signIn('ann')
    const cookie = `session=${browser.cookie(url, 'session')}`
    async function statusWith(environment: Readonly<Record<string, string>>): Promise<number> {
      const again = await createTestApp({
        data,
        models: [],
        environment: environmentFor(identity, environment),
      })
      closing.push(again.close)
      const headers = { Host: 'localhost', Cookie: cookie }
      return (await again.app.request('/predictions', { headers })).status
    }
    expect(await statusWith({})).toBe(200)
    expect(await statusWith({ SANDPIT_ALLOW: '/sales' })).toBe(401)
    expect(await statusWith({ SANDPIT_OIDC_ISSUER: 'https://login.example.com' })).toBe(401)
  })
})
