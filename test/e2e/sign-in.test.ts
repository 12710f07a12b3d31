import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { findChromium } from '../support/chromium.ts'
import {
  environmentFor,
  freePort,
  type IdentityProvider,
  passProvider,
  startIdentityProvider,
} from '../support/identity-provider.ts'
import { writeModels } from '../support/models.ts'
import { type Server, startServer } from '../support/server.ts'
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts'

const models = writeModels({
  waits: `
    import { defineModel, z } from 'sandpit/model'
    export const waits = defineModel({
      name: 'test/waits',
      description: 'Works until it is canceled.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      run: (_input, ctx) =>
        new Promise((_, stop) => ctx.signal.addEventListener('abort', stop)),
    })`,
})

let browser: Browser
beforeAll(async () => {
  // With the cache of pages for Back, as people have it.
  browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--disable-gpu'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
})
afterAll(() => browser?.close())

const people = { ann: { preferred_username: 'ann', groups: ['ml'] } }

async function openIn(options: BrowserContextOptions = {}): Promise<Page> {
  return (await browser.newContext({ ignoreHTTPSErrors: true, ...options })).newPage()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
}

describe('under a path', () => {
  const base = '/sandpit-test'
  let server: Server
  let identity: IdentityProvider
  let url: string
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}${base}`
    identity = await startIdentityProvider({ app: url, people })
    const own = {
      PORT: String(port),
      SANDPIT_URL: url,
      SANDPIT_MODELS: models,
      SANDPIT_POLL: '200ms',
    }
    server = await startServer({ environment: environmentFor(identity, own) })
  })
  afterAll(async () => {
    await server?.stop('SIGKILL')
    await identity?.close()
  })

  async function signedIn(path: string): Promise<Page> {
    const page = await openIn()
    await page.goto(url + path)
    await page.getByRole('link', { name: 'Sign in with Keycloak' }).click()
    await passProvider(page, url)
    return page
  }

  it('signs in, comes back, and signs out past the policy for forms', async () => {
    const page = await openIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await page.goto(`${url}/predictions?q=posters`)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Sign in with Keycloak' }).click()
    await passProvider(page, url)
    expect(page.url()).toBe(`${url}/predictions?q=posters`)
    await page.getByRole('link', { name: 'ann', exact: true }).waitFor()
    await expectAccessible(page)
    await signOut(page)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Sign out at Keycloak, too' }).click()
    await page.locator('[name=logout]').click()
    await page.waitForURL(`${url}/signed-out`)
    await page.goto(`${url}/predictions`)
    await page.getByRole('link', { name: 'Sign in with Keycloak' }).waitFor()
    await page.context().close()
  })

  it('signs in two tabs side by side', async () => {
    const first = await openIn()
    const second = await first.context().newPage()
    for (const [page, path] of [
      [first, '/predictions'],
      [second, '/test/waits'],
    ] as const) {
      await page.goto(url + path)
      await page.getByRole('link', { name: 'Sign in with Keycloak' }).click()
    }
    await passProvider(second, url)
    await passProvider(first, url)
    expect(first.url()).toBe(`${url}/predictions`)
    expect(second.url()).toBe(`${url}/test/waits`)
    await first.context().close()
  })

  it('shows nothing private on Back after signing out', async () => {
    const page = await signedIn('/predictions')
    await page.goto(`${url}/test/waits`)
    await signOut(page)
    for (const path of ['/test/waits', '/predictions']) {
      await page.evaluate(() => history.back())
      await page.waitForURL(url + path)
      await page.getByRole('link', { name: 'Sign in with Keycloak' }).waitFor()
    }
    await page.context().close()
  })

  it('keeps a form whose session has ended, with scripts and without', async () => {
    const page = await signedIn('/test/waits')
    await page.getByLabel('text').fill('typed for long')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('.unsent').waitFor()
    expect(await page.getByLabel('text').inputValue()).toBe('typed for long')
    await page.evaluate(() => document.querySelector<HTMLFormElement>('form.inputs')?.submit())
    await page.getByRole('button', { name: 'Back to the form' }).waitFor()
    await expectAccessible(page)
    await page.context().close()

    const plain = await openIn({ javaScriptEnabled: false })
    await plain.goto(`${url}/test/waits`)
    await plain.getByRole('link', { name: 'Sign in with Keycloak' }).click()
    await passProvider(plain, url)
    await plain.getByLabel('text').fill('typed for long')
    const cookies = await plain.context().cookies()
    await plain.context().clearCookies()
    await plain.getByRole('button', { name: 'Run', exact: true }).click()
    await plain.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await plain.context().addCookies(cookies)
    await plain.getByRole('button', { name: 'Back to the form' }).click()
    expect(await plain.getByLabel('text').inputValue()).toBe('typed for long')
    expect(await plain.locator('#problems').textContent()).toContain('Nothing was run yet')
    await plain.getByRole('button', { name: 'Run', exact: true }).click()
    await plain.waitForURL(/test\/waits\?prediction=/)
    expect(await plain.content()).toContain('typed for long')
    await plain.context().close()
  })

  it('tells a panel whose session has ended, which asks no more', async () => {
    const page = await signedIn('/test/waits')
    await page.getByLabel('text').fill('x')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('[data-live]').waitFor()
    await page.context().clearCookies()
    const panel = page.locator('#prediction')
    await panel.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(await page.locator('[data-live]').count()).toBe(0)
    const back = panel.getByRole('link', { name: 'Sign in' })
    expect(await back.getAttribute('href')).toContain('waits%3Fprediction%3D')
    await page.context().close()
  })
})

describe('behind a proxy that ends TLS', () => {
  let server: Server
  let identity: IdentityProvider
  let proxy: TlsProxy
  beforeAll(async () => {
    proxy = await startTlsProxy()
    identity = await startIdentityProvider({ app: proxy.url, people })
    const own = { SANDPIT_URL: proxy.url, SANDPIT_MODELS: models }
    server = await startServer({ environment: environmentFor(identity, own) })
    proxy.passTo(server.port)
  })
  afterAll(async () => {
    await server?.stop('SIGKILL')
    await identity?.close()
    await proxy?.close()
  })

  it('keeps the session in a cookie of this host alone, and empties the cache at sign-out', async () => {
    const page = await openIn()
    await page.goto(`${proxy.url}/predictions`)
    await page.getByRole('link', { name: 'Sign in with Keycloak' }).click()
    const begun = (await page.context().cookies(proxy.url)).map(({ name }) => name)
    expect(begun.filter((name) => name.startsWith('__Host-signin-'))).toHaveLength(1)
    await passProvider(page, proxy.url)
    expect(page.url()).toBe(`${proxy.url}/predictions`)
    const cookies = await page.context().cookies(proxy.url)
    const session = cookies.find(({ name }) => name === '__Host-session')
    expect(session).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(cookies.filter(({ name }) => name.includes('signin-'))).toEqual([])
    // One that another host of the domain planted counts for nothing.
    await page.context().clearCookies({ name: '__Host-session' })
    await page
      .context()
      .addCookies([{ name: 'session', value: session?.value ?? '', url: proxy.url }])
    await page.goto(`${proxy.url}/predictions`)
    await page.getByRole('link', { name: 'Sign in with Keycloak' }).click()
    await passProvider(page, proxy.url)
    await page.goto(`${proxy.url}/test/waits`)
    const answered = page.waitForResponse(`${proxy.url}/sign-out`)
    await signOut(page)
    expect((await (await answered).allHeaders())['clear-site-data']).toBe('"cache"')
    await page.evaluate(() => history.back())
    await page.getByRole('link', { name: 'Sign in with Keycloak' }).waitFor()
    await page.context().close()
  })
})
