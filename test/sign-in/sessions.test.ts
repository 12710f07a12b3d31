import { afterEach, describe, expect, it } from 'vitest'
import { createCookieBrowser } from '../support/cookie-browser.ts'
import { writeModels } from '../support/models.ts'
import { type SignedInOptions, startSignedInApp } from '../support/signed-in-app.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const hour = 60 * 60_000
const day = 24 * hour

/** An app with Ann signed in, and a clock that can be set forward. */
async function start(options: SignedInOptions = {}) {
  const clock = { ahead: 0 }
  const started = await startSignedInApp({
    people: { ann: { preferred_username: 'ann', groups: ['vision'] } },
    now: () => Date.now() + clock.ahead,
    ...options,
  })
  closing.push(started.close)
  const browser = createCookieBrowser()
  const signedIn = await browser.signIn(`${started.url}/sign-in`, 'ann')
  const [ann] = await started.sandpit.store.people(1, null)
  if (!ann) throw new Error(`Nobody signed in: ${signedIn.status}`)
  const get = async (path: string, headers: HeadersInit = {}) =>
    browser.ask(started.url + path, { headers })
  return { ...started, clock, browser, ann, get }
}

describe('a session', () => {
  it('is kept by its hash alone, and its cookie is closed to scripts', async () => {
    const { browser, url, sandpit, ann } = await start()
    const cookie = browser.cookie(url, 'session') ?? ''
    const [session] = await sandpit.store.sessionsOf(ann.id)
    expect(session?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(session)).not.toContain(cookie)
    expect(session?.idToken).not.toContain('eyJ')
    expect(session?.sid).not.toBeNull()
  })

  it('ends after 8 hours without use, and goes on with use', async () => {
    const { get, clock } = await start()
    for (let hours = 7; hours <= 21; hours += 7) {
      clock.ahead = hours * hour
      expect((await get('/predictions')).status, `${hours} h`).toBe(200)
    }
    clock.ahead += 8 * hour + 1
    expect((await get('/predictions')).status).toBe(401)
  })

  it('is renewed every five minutes at most', async () => {
    const { get, clock, sandpit, ann } = await start()
    const seen = async () => (await sandpit.store.sessionsOf(ann.id))[0]?.seenAt ?? 0
    const first = await seen()
    clock.ahead = 4 * 60_000
    await get('/predictions')
    expect(await seen()).toBe(first)
    clock.ahead = 6 * 60_000
    await get('/predictions')
    expect(await seen()).toBeGreaterThan(first)
  })

  it('in use goes through the provider after 7 days, once and without a page', async () => {
    const { get, clock, browser, url } = await start()
    for (clock.ahead = 7 * hour; clock.ahead < 7 * day; clock.ahead += 7 * hour)
      expect((await get('/predictions')).status).toBe(200)
    clock.ahead = 7 * day + 1
    const before = browser.cookie(url, 'session')
    const sent = await get('/predictions?q=a')
    expect(sent.status).toBe(303)
    expect(sent.headers.get('Location')).toBe('/sign-in?to=%2Fpredictions%3Fq%3Da&silent')
    const shown = await browser.open(`${url}/predictions?q=a`)
    expect(shown.status).toBe(200)
    expect(shown.url.search).toBe('?q=a')
    expect(browser.cookie(url, 'session')).not.toBe(before)
  })

  it('shows the sign-in page once the provider wants one, and does not ask again', async () => {
    const { get, clock, browser, url, identity } = await start()
    for (clock.ahead = 7 * hour; clock.ahead < 7 * day; clock.ahead += 7 * hour)
      await get('/predictions')
    clock.ahead = 7 * day + 1
    for (const name of browser.cookies(identity.issuer)) browser.deleteCookie(identity.issuer, name)
    const shown = await browser.open(`${url}/predictions`)
    expect(shown.status).toBe(401)
    expect(shown.text).toContain('Sign in with Keycloak')
    expect(shown.text).not.toContain('You could not be signed in')
    expect((await get('/predictions')).status).toBe(401)
  })

  it('is over for panels and programs without a detour', async () => {
    const { get, clock } = await start({ environment: { SANDPIT_SESSION: '1h,1h' } })
    clock.ahead = hour
    const panel = await get('/predictions', {
      'HX-Request-Type': 'partial',
      'HX-Current-URL': 'http://localhost/predictions?q=a',
    })
    expect(panel.status).toBe(401)
    expect(panel.headers.get('Sandpit')).toBe('fragment')
    expect(panel.text).toContain('/sign-in?to=%2Fpredictions%3Fq%3Da')
    expect(panel.text).not.toContain('data-live')
    const part = await get('/predictions', { Accept: 'image/avif,*/*;q=0.8' })
    expect(part.status).toBe(401)
  })
})

describe('signing out', () => {
  it('ends the session at once, and leads to the provider, which comes back', async () => {
    const { url, browser, sandpit, ann, get } = await start()
    const cookie = browser.cookie(url, 'session') ?? ''
    const out = await browser.ask(`${url}/sign-out`, { method: 'POST' })
    expect(out.status).toBe(200)
    expect(out.headers.get('Cache-Control')).toBe('no-store')
    expect(browser.cookie(url, 'session')).toBeUndefined()
    expect(await sandpit.store.sessionsOf(ann.id)).toEqual([])
    browser.setCookie(url, 'session', cookie)
    expect((await get('/predictions')).status).toBe(401)
    const link = /href="([^"]*end[^"]*)"/.exec(out.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const asked = await browser.open(link)
    expect(asked.text).toContain('Do you want to sign-out')
    const back = await browser.send(asked, { logout: 'yes' })
    expect(back.url.href).toBe(`${url}/signed-out`)
    expect(back.text).toContain('You are signed out')
    expect(back.text).not.toContain('You may still be signed in')
  })

  it('is a form of ours alone, and harmless without a session', async () => {
    const { url, browser, get } = await start()
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }
    expect((await browser.ask(`${url}/sign-out`, { method: 'POST', headers })).status).toBe(403)
    expect((await get('/predictions')).status).toBe(200)
    const stranger = createCookieBrowser()
    expect((await stranger.ask(`${url}/sign-out`, { method: 'POST' })).status).toBe(200)
  })

  it('leads nowhere where nobody signs in on a page', async () => {
    const { sandpit } = await start()
    const { createTestApp } = await import('../support/test-app.ts')
    const other = await createTestApp({ models: [], environment: { SANDPIT_AUTH: 'none' } })
    closing.push(other.close)
    const headers = { Host: 'localhost', 'Sec-Fetch-Site': 'same-origin' }
    for (const path of ['/sign-in', '/sign-in/callback?state=a&code=b', '/signed-out'])
      expect((await other.app.request(path, { headers })).status, path).toBe(404)
    for (const path of ['/sign-out', '/sign-out/back-channel']) {
      const answer = await other.app.request(path, { method: 'POST', headers })
      expect(answer.status, path).toBe(404)
    }
    expect(sandpit.signIn).not.toBeNull()
  })
})

describe('a form that is sent after the session has ended', () => {
  const echo = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'local/echo', description: 'Echo.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => text,
})`

  it('leads to the form of its model with all that was typed, and keeps no file', async () => {
    const { url, browser, sandpit } = await start({ models: [writeModels({ echo })] })
    const page = await browser.ask(`${url}/local/echo`)
    const hidden = page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)
    const typed = 'first line\n</textarea><b>"second" & more'
    const body = new FormData()
    for (const [, name = '', value = ''] of hidden) body.append(name, value)
    body.append('input.text', typed)
    body.append('input.picture', new File(['a secret picture'], 'plan "B".png'))
    browser.deleteCookie(url, 'session')
    const held = await browser.ask(`${url}/predictions`, { method: 'POST', body })
    expect(held.status).toBe(401)
    expect(held.headers.get('Cache-Control')).toBe('no-store')
    expect(held.text).toContain('Choose them again in the form: plan &quot;B&quot;.png.')
    expect(held.text).not.toContain('a secret picture')
    expect(held.text).toMatch(/href="\/sign-in\?to=%2F" target="_blank"/)
    expect((await sandpit.store.runCounts()).size).toBe(0)
    await browser.signIn(`${url}/sign-in`, 'ann')
    const again = new FormData()
    const fields = held.text.matchAll(
      /<textarea name="([^"]*)" hidden(?:="")?>\n([^<]*)<\/textarea>/g,
    )
    for (const [, name = '', text = ''] of fields)
      again.append(
        name,
        text
          // As browsers read it.
          .replaceAll('\r\n', '\n')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&'),
      )
    expect(again.get('input.text')).toBe(typed)
    again.append('resume', 'plan "B".png')
    const form = await browser.ask(`${url}/predictions`, { method: 'POST', body: again })
    expect(form.status).toBe(200)
    expect(form.text).toContain('id="prediction-form"')
    expect(form.text).toMatch(/name="input\.text"[^>]*>\n?first line\n&lt;\/textarea&gt;/)
    expect(form.text).toContain('Choose your files again: plan &quot;B&quot;.png.')
    expect((await sandpit.store.runCounts()).size).toBe(0)
    again.delete('resume')
    const sent = await browser.ask(`${url}/predictions`, { method: 'POST', body: again })
    expect(sent.status).toBe(303)
  })

  it('is sent again when it is Run again, or of another page', async () => {
    const { url, browser } = await start({ models: [writeModels({ echo })] })
    browser.deleteCookie(url, 'session')
    for (const [path, fields] of [
      ['/predictions', { model: 'local/echo', from: 'x' }],
      ['/account/tokens', { name: 'laptop' }],
    ] as const) {
      const body = new URLSearchParams(fields)
      const held = await browser.ask(url + path, { method: 'POST', body })
      expect(held.status).toBe(401)
      expect(held.text).toContain('Send again')
      expect(held.text).not.toContain('name="resume"')
    }
  })

  it('stays on its page where a script sent it', async () => {
    const { url, browser } = await start()
    browser.deleteCookie(url, 'session')
    const headers = { 'HX-Request-Type': 'partial' }
    const body = new URLSearchParams({ model: 'local/echo' })
    const sent = await browser.ask(`${url}/predictions`, { method: 'POST', body, headers })
    expect(sent.status).toBe(401)
    expect(sent.headers.get('Sandpit')).toBeNull()
  })

  it('is not held in memory when it is far too long, nor when it is of another site', async () => {
    const { url, browser } = await start()
    browser.deleteCookie(url, 'session')
    const body = new URLSearchParams({ text: 'a'.repeat(2 ** 20 + 1) })
    const long = await browser.ask(`${url}/theme`, { method: 'POST', body })
    expect(long.status).toBe(400)
    expect(long.text).toContain('too large to be kept')
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }
    const foreign = await browser.ask(`${url}/theme`, { method: 'POST', body: 'a=b', headers })
    expect(foreign.status).toBe(403)
  })
})

it('opens share links, assets and health without a sign-in, and the API for tokens alone', async () => {
  const { url, browser } = await start()
  const stranger = createCookieBrowser()
  for (const path of ['/healthz', '/readyz'])
    expect((await stranger.ask(url + path)).status, path).toBe(200)
  expect((await stranger.ask(`${url}/s/${'a'.repeat(26)}`)).status).toBe(404)
  expect((await stranger.ask(`${url}/v1/models`)).status).toBe(401)
  expect((await browser.ask(`${url}/v1/models`)).status).toBe(401)
  for (const path of ['/', '/predictions', '/settings', '/local/echo', '/metrics', '/files/a/b'])
    expect((await stranger.ask(url + path)).status, path).toBe(401)
})
