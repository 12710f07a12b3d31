import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { type Server, startServer } from '../support/server.ts'

let server: Server
let browser: Browser
beforeAll(async () => {
  server = await startServer()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop('SIGKILL')
})

const runButton = (page: Page) => page.getByRole('button', { name: 'Run', exact: true })

describe('axe finds nothing', () => {
  async function check(page: Page): Promise<void> {
    const found = await new AxeBuilder({ page }).analyze()
    const told = found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
    )
    expect(told).toEqual([])
  }

  const views = [
    { name: 'phone, light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
    { name: 'desk, dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  ] as const

  it.each(views)(
    'on any page or state: $name',
    { timeout: 120_000 },
    async ({ name: _, ...view }) => {
      const page = await (await browser.newContext(view)).newPage()
      await page.goto(server.url)
      await check(page)
      for (const model of ['hello-world', 'countdown', 'image-tools', 'story']) {
        await page.goto(`${server.url}/sandpit/${model}?example=default`)
        await check(page)
      }
      await page.goto(`${server.url}/sandpit/countdown`)
      await page.locator('#prediction-form').evaluate((form: HTMLFormElement) => {
        form.noValidate = true
      })
      await page.locator('[name="input.from"]').last().fill('0')
      await runButton(page).click()
      await page.waitForSelector('#problems')
      await check(page)
      await page.locator('[name="input.from"]').last().fill('50')
      await runButton(page).click()
      await page.waitForSelector('#prediction[aria-busy=true]')
      await check(page)
      await page.goto(page.url())
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.waitForSelector('[data-status=canceled]')
      await check(page)
      await page.getByRole('button', { name: 'Share' }).click()
      await page.waitForSelector('#share')
      await check(page)
      await page.goto(await page.getByLabel('Link to share').inputValue())
      await check(page)
      for (const path of ['/predictions', '/nowhere/here']) {
        await page.goto(server.url + path)
        await check(page)
      }
      await page.context().close()
    },
  )
})
