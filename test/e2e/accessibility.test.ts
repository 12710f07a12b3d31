import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { startBrowser } from '../support/browser.ts'
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts'
import { writeModels } from '../support/models.ts'
import { idInAddress } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'

const models = writeModels({
  waits: `
    import { defineModel, z } from 'sandpit/model'
    export const waits = defineModel({
      name: 'test/waits',
      description: 'Works until it is canceled, one run at a time.',
      input: z.object({}),
      output: z.string(),
      async *run(_input, ctx) {
        ctx.log('A line of the log')
        ctx.progress({ fraction: 0.4, label: 'Reading', eta: 9 })
        yield 'Some words'
        await new Promise((_, stop) => ctx.signal.addEventListener('abort', stop))
      },
    })`,
  boots: `
    import { defineModel, z } from 'sandpit/model'
    export const boots = defineModel({
      name: 'test/boots',
      description: 'Never starts.',
      input: z.object({}),
      output: z.string(),
      setup: () => new Promise(() => setInterval(() => {}, 1000)),
      run: () => 'x',
    })`,
  fails: `
    import { defineModel, z } from 'sandpit/model'
    export const fails = defineModel({
      name: 'test/fails',
      description: 'Fails.',
      input: z.object({}),
      output: z.string(),
      run() {
        throw new Error('The tide was too high.')
      },
    })`,
})

let server: Server
let proxy: FaultyProxy
let browser: Browser
beforeAll(async () => {
  server = await startServer({ environment: { SANDPIT_MODELS: models } })
  proxy = await startFaultyProxy(server.port)
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  proxy?.close()
  await server?.stop('SIGKILL')
})

const runButton = (page: Page) => page.getByRole('button', { name: 'Run', exact: true })

describe('axe finds nothing', () => {
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
      await expectAccessible(page)
      for (const model of ['hello-world', 'countdown', 'image-tools', 'story']) {
        await page.goto(`${server.url}/sandpit/${model}?example=default`)
        await expectAccessible(page)
      }
      await page.goto(`${server.url}/sandpit/countdown`)
      await page.locator('#prediction-form').evaluate((form: HTMLFormElement) => {
        form.noValidate = true
      })
      await page.locator('[name="input.from"]').last().fill('0')
      await runButton(page).click()
      await page.waitForSelector('#problems')
      await expectAccessible(page)
      await page.locator('[name="input.from"]').last().fill('100')
      await page.locator('[name="input.interval"]').last().fill('5')
      await runButton(page).click()
      await page.waitForSelector('#prediction[aria-busy=true]')
      await expectAccessible(page)
      await page.goto(page.url())
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.waitForSelector('[data-status=canceled]')
      await expectAccessible(page)
      await page.getByRole('link', { name: 'Share', exact: true }).click()
      await page.getByRole('button', { name: 'Make the link' }).click()
      await page.waitForSelector('#share')
      await expectAccessible(page)
      await page.goto(await page.getByLabel('Link 1 to share').inputValue())
      await expectAccessible(page)
      for (const path of ['/predictions', '/nowhere/here']) {
        await page.goto(server.url + path)
        await expectAccessible(page)
      }
      await page.context().close()
    },
  )

  const picture = {
    name: 'a.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  }

  it.each(views)(
    'in a form with files: $name',
    { timeout: 120_000 },
    async ({ name: _, ...view }) => {
      const page = await (await browser.newContext({ ...view, hasTouch: true })).newPage()
      proxy.become('pass')
      await page.goto(`${server.url}/sandpit/qr-code?example=default`)
      for (let made = 0; made < 5; made++) {
        const before = page.url()
        await runButton(page).click()
        await page.waitForURL(({ href }) => href !== before && idInAddress(href) !== '')
        await page.waitForSelector('[data-status=succeeded]')
      }
      await page.goto(`${proxy.url}/sandpit/kitchen-sink`)
      await page.locator('details.more > summary').click()
      await page.locator('#input-line').fill('x')
      await page.locator('#input-file').setInputFiles(picture)
      await page.locator('#input-files').setInputFiles([picture, picture])
      await page.evaluate(() => document.documentElement.toggleAttribute('data-dragging', true))
      await expectAccessible(page)
      proxy.become('hold')
      await runButton(page).click()
      await page.locator('.sending').waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Stop' }).click()
      proxy.become('hang up')
      await runButton(page).click()
      await page.locator('.unsent').waitFor()
      await expectAccessible(page)
      proxy.become('pass')
      await page.getByRole('button', { name: 'Previous outputs for file', exact: true }).click()
      await page.locator('.earlier').waitFor()
      await expectAccessible(page)
      await page.locator('#prediction-form').evaluate((form: HTMLFormElement) => {
        form.noValidate = true
      })
      await page.locator('#input-settings').fill('{')
      await runButton(page).click()
      await page.waitForSelector('#problems')
      await expectAccessible(page)
      await page.context().close()
    },
  )

  it.each(views)(
    'in whatever state a run is: $name',
    { timeout: 120_000 },
    async ({ name: _, ...view }) => {
      const context = await browser.newContext(view)
      const page = await context.newPage()
      const start = async (model: string, state: string) => {
        await page.goto(`${server.url}/test/${model}`)
        await runButton(page).click()
        await page.waitForSelector(`#prediction${state}`)
      }
      await start('boots', ' #boot')
      await expectAccessible(page)
      const booting = page.url()
      await start('waits', ' #progress')
      await page.locator('#logs > summary').click()
      await expectAccessible(page)
      const running = page.url()
      await start('waits', ' .queue')
      await expectAccessible(page)
      for (const path of [page.url(), running, booting]) {
        await page.goto(path)
        await page.getByRole('button', { name: 'Cancel' }).click()
        await page.waitForSelector('[data-status=canceled]')
      }
      await start('fails', ' [data-status=failed]')
      await expectAccessible(page)
      await context.close()
    },
  )
})
