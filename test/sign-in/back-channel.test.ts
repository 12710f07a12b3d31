import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CookieBrowser, createCookieBrowser } from '../support/cookie-browser.ts'
import { eventually } from '../support/eventually.ts'
import { client } from '../support/identity-provider.ts'
import { type SignedInApp, startSignedInApp } from '../support/signed-in-app.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const keys = await generateKeyPair('RS256', { extractable: true })
const strangers = await generateKeyPair('RS256')

type Changes = { readonly [Name in keyof JWTPayload]: unknown }

let app: SignedInApp
let ann: CookieBrowser
beforeAll(async () => {
  const key = { ...(await exportJWK(keys.privateKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  app = await startSignedInApp({
    people: { ann: { preferred_username: 'ann' } },
    provider: { jwks: { keys: [key] } },
  })
})
afterAll(() => app.close())
beforeEach(async () => {
  ann = createCookieBrowser()
  await ann.signIn(`${app.url}/sign-in`, 'ann')
})

let last = 0

/** A logout token of the provider, with some of its claims changed. */
async function tokenOf(changes: Changes = {}, sign = keys.privateKey): Promise<string> {
  const claims = await claimsOf(changes)
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(sign)
}

async function claimsOf(changes: Changes): Promise<JWTPayload> {
  const [session] = await sessions()
  const now = Math.floor(Date.now() / 1000)
  last++
  const usual = {
    iss: app.identity.issuer,
    aud: client.id,
    iat: now,
    exp: now + 120,
    jti: `token ${last}`,
    sub: 'ann',
    sid: session?.sid ?? '',
    events: { [event]: {} },
  }
  const all = Object.entries({ ...usual, ...changes })
  return Object.fromEntries(all.filter(([, value]) => value !== undefined))
}

async function sessions() {
  const person = await app.sandpit.store.findSubject(app.identity.issuer, 'ann')
  return app.sandpit.store.sessionsOf(person?.id ?? '')
}

async function send(token: string, headers: Readonly<Record<string, string>> = {}) {
  const body = new URLSearchParams({ logout_token: token })
  const answer = await fetch(`${app.url}/sign-out/back-channel`, { method: 'POST', body, headers })
  return { status: answer.status, caching: answer.headers.get('Cache-Control') }
}

const isIn = async () => (await ann.ask(`${app.url}/predictions`)).status === 200

describe('a logout token', () => {
  it('ends the session that it names, at once, whatever site it comes from', async () => {
    expect(await isIn()).toBe(true)
    expect(await send(await tokenOf(), { Origin: app.identity.issuer })).toEqual({
      status: 200,
      caching: 'no-store',
    })
    expect(await isIn()).toBe(false)
  })

  it('without a session ends all of the person, and no one else’s', async () => {
    const elsewhere = createCookieBrowser()
    await elsewhere.signIn(`${app.url}/sign-in`, 'ann')
    const ben = createCookieBrowser()
    await ben.signIn(`${app.url}/sign-in`, 'ben')
    expect((await send(await tokenOf({ sid: undefined }))).status).toBe(200)
    expect(await isIn()).toBe(false)
    expect((await elsewhere.ask(`${app.url}/predictions`)).status).toBe(401)
    expect((await ben.ask(`${app.url}/predictions`)).status).toBe(200)
  })

  it('of another session ends nothing here', async () => {
    expect((await send(await tokenOf({ sid: 'of somebody else' }))).status).toBe(200)
    expect(await isIn()).toBe(true)
  })

  it('works once', async () => {
    const token = await tokenOf({ sid: 'of somebody else' })
    expect((await send(token)).status).toBe(200)
    expect((await send(token)).status).toBe(400)
  })

  const now = () => Math.floor(Date.now() / 1000)
  it.each<[string, () => Changes]>([
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['for another client', () => ({ aud: 'another' })],
    ['that has expired', () => ({ exp: now() - 60 })],
    ['without an end', () => ({ exp: undefined })],
    ['that is old', () => ({ iat: now() - 200 })],
    ['without a time', () => ({ iat: undefined })],
    ['without an id', () => ({ jti: undefined })],
    ['with a nonce', () => ({ nonce: 'a' })],
    ['without the event', () => ({ events: {} })],
    ['with an event that is no object', () => ({ events: { [event]: 'yes' } })],
    ['without events', () => ({ events: undefined })],
    ['of nobody', () => ({ sub: undefined, sid: undefined })],
  ])('%s is refused', async (_how, changes) => {
    expect(await send(await tokenOf(changes()))).toEqual({ status: 400, caching: 'no-store' })
    expect(await isIn()).toBe(true)
  })

  it('is refused when it is signed by somebody else, by a shared secret, or not at all', async () => {
    const claims = await claimsOf({})
    const shared = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' })
    const forged = [
      await tokenOf({}, strangers.privateKey),
      await shared.sign(new TextEncoder().encode(client.secret)),
      new UnsecuredJWT(claims).encode(),
      '',
      'a.b.c',
      'a'.repeat(60_000),
    ]
    for (const token of forged) expect((await send(token)).status).toBe(400)
    expect((await send('a'.repeat(70_000))).status).toBe(413)
    expect(await isIn()).toBe(true)
  })
})

it('is told by the provider itself when somebody signs out there', async () => {
  const asked = await ann.open(`${app.identity.issuer}/session/end`)
  await ann.send(asked, { logout: 'yes' })
  await eventually(async () => expect(await isIn()).toBe(false))
})
