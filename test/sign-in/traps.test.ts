import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type CookieBrowser, createCookieBrowser } from '../support/cookie-browser.ts'
import { type SignedInOptions, startSignedInApp } from '../support/signed-in-app.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: SignedInOptions = {}) {
  const started = await startSignedInApp({
    people: { ann: { preferred_username: 'ann', groups: ['vision'] } },
    ...options,
  })
  closing.push(started.close)
  return started
}

const isCallback = (to: URL) => to.pathname.endsWith('/sign-in/callback')

/** Signs in at the provider, and stops at the address where it sends people back. */
async function callbackOf(browser: CookieBrowser, url: string, login = 'ann'): Promise<URL> {
  const last = await browser.signIn(`${url}/sign-in?to=/predictions`, login, isCallback)
  const callback = browser.next(last)
  if (!callback) throw new Error(`No callback: ${last.status} ${last.text.slice(0, 200)}`)
  return callback
}

/** What the app answers to a callback whose query was changed. */
async function afterChange(change: (query: URLSearchParams) => void) {
  const { url } = await start()
  const browser = createCookieBrowser()
  const callback = await callbackOf(browser, url)
  change(callback.searchParams)
  const shown = await browser.ask(callback)
  return { shown, session: browser.cookie(url, 'session') }
}

describe('an answer of the provider', () => {
  it.each<[string, (query: URLSearchParams) => void]>([
    ['of another issuer', (query) => query.set('iss', 'https://evil.example')],
    ['without the issuer that it announces', (query) => query.delete('iss')],
    ['with another code', (query) => query.set('code', 'made-up')],
    ['of another state', (query) => query.set('state', 'a'.repeat(43))],
    ['with two codes', (query) => query.append('code', 'second')],
    ['without anything', (query) => [...query.keys()].map((name) => query.delete(name))],
  ])('%s is refused', async (_how, change) => {
    const { shown, session } = await afterChange(change)
    expect(shown.status).toBe(400)
    expect(shown.text).toContain('You could not be signed in')
    expect(shown.headers.get('Cache-Control')).toBe('no-store')
    expect(session).toBeUndefined()
  })

  it('that says no is passed on, and the way back is kept', async () => {
    const { shown } = await afterChange((query) => {
      query.delete('code')
      query.set('error', 'access_denied')
    })
    expect(shown.status).toBe(400)
    expect(shown.text).toContain('Keycloak refused')
    expect(shown.text).toContain('/sign-in?to=%2Fpredictions')
  })

  it('to another nonce is refused', async () => {
    const { url } = await start()
    const browser = createCookieBrowser()
    const begun = browser.next(await browser.ask(`${url}/sign-in`))
    begun?.searchParams.set('nonce', 'another')
    const shown = await browser.signIn(begun ?? '', 'ann')
    expect(shown.status).toBe(400)
  })

  it('signed with another key under the same name is refused', async () => {
    const { url, identity } = await start()
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
    identity.provider.use(async (ctx, next) => {
      await next()
      if (ctx.path !== '/jwks') return
      const [known] = ctx.body.keys
      ctx.body = { keys: [{ ...known, ...other.publicKey.export({ format: 'jwk' }) }] }
    })
    const shown = await createCookieBrowser().signIn(`${url}/sign-in`, 'ann')
    expect(shown.status).toBe(400)
  })
})

describe('a finished sign-in of somebody else', () => {
  it('is refused in a browser without one, and in one with its own', async () => {
    const { url } = await start()
    const stranger = createCookieBrowser()
    const victim = createCookieBrowser()
    const callback = await callbackOf(stranger, url)
    expect((await victim.ask(callback)).status).toBe(400)
    await victim.ask(`${url}/sign-in`)
    expect((await victim.ask(callback)).status).toBe(400)
    expect(victim.cookie(url, 'session')).toBeUndefined()
  })

  it('is refused with its code under one’s own state', async () => {
    const { url } = await start()
    const victim = createCookieBrowser()
    const theirs = await callbackOf(createCookieBrowser(), url)
    const own = await callbackOf(victim, url, 'ben')
    own.searchParams.set('code', theirs.searchParams.get('code') ?? '')
    expect((await victim.ask(own)).status).toBe(400)
  })
})

describe('a callback', () => {
  it('works once: again it leads home, elsewhere nowhere, and the provider refuses its code', async () => {
    const { url } = await start()
    const browser = createCookieBrowser()
    const callback = await callbackOf(browser, url)
    const [attempt = ''] = browser.cookies(url).filter((name) => name.startsWith('signin-'))
    const sealed = browser.cookie(url, attempt) ?? ''
    expect((await browser.ask(callback)).headers.get('Location')).toBe('/predictions')
    expect(browser.cookie(url, attempt)).toBeUndefined()
    expect((await browser.ask(callback)).headers.get('Location')).toBe('/')
    const other = createCookieBrowser()
    expect((await other.ask(callback)).status).toBe(400)
    other.setCookie(url, attempt, sealed)
    expect((await other.ask(callback)).status).toBe(400)
  })

  it('is of its tab: two sign in side by side, each to its page', async () => {
    const { url } = await start()
    const browser = createCookieBrowser()
    const first = await browser.ask(`${url}/sign-in?to=/predictions`)
    const second = await browser.ask(`${url}/sign-in?to=/collections/none`)
    const [one, two] = [browser.next(first), browser.next(second)]
    const later = await browser.signIn(two ?? '', 'ann', isCallback)
    const earlier = await browser.signIn(one ?? '', 'ann', isCallback)
    const landed = [later, earlier].map(async (shown) => {
      const { headers } = await browser.ask(browser.next(shown) ?? '')
      return headers.get('Location')
    })
    expect(await Promise.all(landed)).toEqual(['/collections/none', '/predictions'])
  })

  it('comes too late after ten minutes', async () => {
    let late = 0
    const { url } = await start({ now: () => Date.now() + late })
    const browser = createCookieBrowser()
    const callback = await callbackOf(browser, url)
    late = 10 * 60_000 + 1
    const shown = await browser.ask(callback)
    expect(shown.status).toBe(400)
    expect(shown.text).toContain('more than ten minutes ago')
  })

  it('gives a new session, whatever cookie was planted, and ends the one before', async () => {
    let later = 0
    const { url, sandpit } = await start({ now: () => Date.now() + later })
    const browser = createCookieBrowser()
    browser.setCookie(url, 'session', 'planted')
    await browser.signIn(`${url}/sign-in`, 'ann')
    const first = browser.cookie(url, 'session')
    expect(first).toHaveLength(43)
    const [ann] = await sandpit.store.people(1, null)
    const sessions = () => sandpit.store.sessionsOf(ann?.id ?? '')
    expect(await sessions()).toHaveLength(1)
    // It lapses, and its row stays until somebody signs in with its cookie.
    later = 9 * 60 * 60_000
    expect((await browser.ask(`${url}/`)).status).toBe(401)
    expect(await sessions()).toHaveLength(1)
    await browser.signIn(`${url}/sign-in`, 'ann')
    expect(browser.cookie(url, 'session')).not.toBe(first)
    expect(await sessions()).toHaveLength(1)
  })
})

describe('a provider', () => {
  it('may be away at the start and later: sign-in says so, and works once it is back', async () => {
    let later = 0
    const { url, identity, sandpit } = await start({ now: () => Date.now() + later })
    const browser = createCookieBrowser()
    await identity.pause()
    const shown = await browser.ask(`${url}/sign-in?to=/predictions`)
    expect(shown.status).toBe(503)
    expect(shown.text).toContain('Keycloak does not answer')
    expect(shown.text).toContain('href="/sign-in?to=%2Fpredictions">Try again</a>')
    expect((await browser.ask(`${url}/healthz`)).status).toBe(200)
    await identity.resume()
    later = 1_001
    const back = await browser.signIn(`${url}/sign-in?to=/predictions`, 'ann')
    expect(back.url.pathname).toBe('/predictions')
    await identity.pause()
    expect((await browser.ask(`${url}/predictions`)).status).toBe(200)
    expect((await browser.ask(`${url}/sign-out`, { method: 'POST' })).status).toBe(200)
    expect(await sandpit.store.people(9, null)).toHaveLength(1)
  })

  it('whose clock differs too much is named as the reason', async () => {
    const { url } = await start({
      now: () => Date.now() + 2 * 60 * 60_000,
      provider: { ttl: { IdToken: 60 } },
    })
    const shown = await createCookieBrowser().signIn(`${url}/sign-in`, 'ann')
    expect(shown.status).toBe(503)
    expect(shown.text).toContain('The clock of this server and that of Keycloak differ')
  })

  it('may send no more than the id in its token: the rest is asked for', async () => {
    const { url, sandpit } = await start({ provider: { conformIdTokenClaims: true } })
    await createCookieBrowser().signIn(`${url}/sign-in`, 'ann')
    expect(await sandpit.store.people(1, null)).toMatchObject([
      { handle: 'ann', groups: ['vision'] },
    ])
  })

  it('is asked for a code alone, with PKCE, and never for a form', async () => {
    const { url } = await start()
    const browser = createCookieBrowser()
    const begun = browser.next(await browser.ask(`${url}/sign-in`))
    const asked = Object.fromEntries(begun?.searchParams ?? [])
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${url}/sign-in/callback`,
      scope: 'openid profile email',
    })
    expect(asked).not.toHaveProperty('response_mode')
  })

  it('that was given a wrong secret refuses, and says so in the log alone', async () => {
    const logged: unknown[] = []
    const log = { info() {}, error: (details: object) => logged.push(details) }
    const { url } = await start({ log, environment: { SANDPIT_OIDC_CLIENT_SECRET: 'wrong' } })
    const shown = await createCookieBrowser().signIn(`${url}/sign-in`, 'ann')
    expect(shown.status).toBe(400)
    expect(shown.text).toContain('Keycloak refused')
    expect(logged).toMatchObject([{ reason: 'refused' }])
  })

  it('takes the client secret in a header, where that is set', async () => {
    const { url } = await start({
      environment: { SANDPIT_OIDC_CLIENT_AUTH: 'basic' },
      clientAuth: 'client_secret_basic',
    })
    const shown = await createCookieBrowser().signIn(`${url}/sign-in`, 'ann')
    expect(shown.status).toBe(200)
  })
})
