import type { Browser } from 'playwright'
import { afterAll, beforeAll, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import {
  environmentFor,
  freePort,
  type IdentityProvider,
  passProvider,
  startIdentityProvider,
} from '../support/identity-provider.ts'
import { startOtherOrigin } from '../support/other-origin.ts'
import { type Server, startServer } from '../support/server.ts'

let browser: Browser
let identity: IdentityProvider
let server: Server
let pasted = ''
const pages = {
  '/': () => `<!doctype html><html lang="en"><title>Studio</title>
    <iframe src="${pasted}" title="Sandpit"></iframe>`,
}
/** Of the site of Sandpit, and of another one. */
let near: Awaited<ReturnType<typeof startOtherOrigin>>
let far: Awaited<ReturnType<typeof startOtherOrigin>>
beforeAll(async () => {
  near = await startOtherOrigin(pages)
  far = await startOtherOrigin(pages, 'localhost')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const people = { ann: { preferred_username: 'ann', groups: ['ml'] } }
  identity = await startIdentityProvider({ app: url, people })
  const own = {
    PORT: String(port),
    SANDPIT_URL: url,
    SANDPIT_EMBED_ORIGINS: `${near.origin},${far.origin}`,
    SANDPIT_GROUPS: 'ml=operator',
  }
  server = await startServer({ environment: environmentFor(identity, own) })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop('SIGKILL')
  await identity?.close()
  near?.close()
  far?.close()
})

/** The address of the frame of a new link for people who are signed in. */
async function makeLink(origin: string): Promise<string> {
  const page = await (await browser.newContext()).newPage()
  const embed = '/sandpit/hello-world/embed'
  await page.goto(`${server.url}/sign-in?to=${embed}`)
  await passProvider(page, server.url)
  await page.getByLabel('origin').selectOption(origin)
  await page.getByLabel('Visitors may run it').uncheck()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const code = await page.locator('#frame-code').textContent()
  await page.context().close()
  return /src="([^"]*)"/.exec(code ?? '')?.[1] ?? ''
}

it.each([
  ['goes on in the frame on a page of the same site', () => near.origin, 'Sign in', true],
  [
    'works in a tab of its own for a page of another site',
    () => far.origin,
    'Open in a new tab',
    false,
  ],
] as const)('%s, after signing in', async (_name, origin, label, isNear) => {
  pasted = await makeLink(origin())
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${origin()}/`)
  const frame = page.frameLocator('iframe')
  await frame.getByRole('heading', { name: 'Sign in to run this' }).waitFor()
  const opened = page.waitForEvent('popup')
  await frame.getByRole('link', { name: label }).click()
  const tab = await opened
  await passProvider(tab, server.url)
  await tab.waitForURL(pasted)
  await tab.getByLabel('text').fill('sand')
  await tab.locator('button.run').click()
  await tab.locator('[data-status=succeeded]').waitFor()
  await page.reload()
  if (isNear) {
    await frame.getByLabel('text').fill('sand')
    await frame.locator('button.run').click()
    await frame.locator('[data-status=succeeded]').waitFor()
  } else await frame.getByRole('heading', { name: 'Sign in to run this' }).waitFor()
  await page.context().close()
})
