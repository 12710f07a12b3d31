import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { startBrowser } from '../support/browser.ts'
import { type Server, startServer } from '../support/server.ts'

const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_QUOTA: 'member=running:2,day:1,time:1h',
  SANDPIT_GROUPS: '*=everyone',
}

let server: Server
let browser: Browser
beforeAll(async () => {
  server = await startServer({ environment })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop('SIGKILL')
})

async function check(page: Page): Promise<void> {
  await expectAccessible(page)
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(isWide, `${page.url()} scrolls sideways`).toBe(false)
}

async function openAs(name: string, view: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...view, extraHTTPHeaders: { 'X-User': name } })
  return context.newPage()
}

const views = [
  { who: 'ada', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { who: 'ben', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
] as const

it.each(views)(
  'have nothing that axe finds, and do not scroll sideways: $colorScheme',
  { timeout: 240_000 },
  async ({ who, ...view }) => {
    const own = await openAs(who, view)
    await own.goto(`${server.url}/sandpit/hello-world?example=default`)
    await own.getByRole('button', { name: 'Run', exact: true }).click()
    await own.waitForSelector('[data-status=succeeded]')
    await own.getByRole('link', { name: 'Share', exact: true }).click()
    await check(own)
    await own.getByRole('button', { name: 'Make the link' }).click()
    const link = await own.getByLabel('Link 1 to share').inputValue()
    const prediction = own.url()
    await check(own)
    for (const path of ['/account', '/account/shares', '/account/deletion']) {
      await own.goto(server.url + path)
      await check(own)
    }
    await own.goto(`${server.url}/predictions/deletion/matching`)
    await check(own)
    await own.goto(link)
    await check(own)
    await own.goto(`${server.url}/sandpit/hello-world?example=default`)
    await own.getByRole('button', { name: 'Run', exact: true }).click()
    await own.getByText('The one run of today is used').first().waitFor()
    await check(own)
    await own.goto(prediction)
    const end = own.getByRole('button', { name: 'End link 1' })
    await end.click()
    await end.waitFor({ state: 'detached' })
    await own.goto(link)
    await check(own)
    await own.context().close()

    const operator = await openAs('olga', view)
    const settings = ['people', 'audit', 'storage', 'shares'].map((name) => `/settings/${name}`)
    for (const path of [...settings, '/predictions', '/sandpit/hello-world/edit']) {
      await operator.goto(server.url + path)
      await check(operator)
    }
    await operator.goto(`${server.url}/settings/people/${who}`)
    await operator.getByLabel('runs a day').fill('many')
    await operator.getByLabel('acts for').fill('lab')
    await operator.getByRole('button', { name: 'Save' }).click()
    await operator.getByText('1 field needs attention').waitFor()
    await check(operator)
    await operator.getByLabel('runs a day').fill('20')
    await operator.getByRole('button', { name: 'Save' }).click()
    await operator.getByText('Saved.').waitFor()
    await check(operator)
    await operator.context().close()
  },
)
