import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { writeModels } from '../support/models.ts'
import { type Server, startServer } from '../support/server.ts'

const models = writeModels({
  long: `
    import { defineModel, z } from 'sandpit/model'
    const tuning = z.number().min(0).max(10).default(1)
    export const long = defineModel({
      name: 'test/long',
      description: 'Takes more than a screen shows.',
      input: z.object({
        prompt: z.string().default('a cat'),
        negative_prompt: z.string().default(''),
        tags: z.array(z.string()).optional(),
        mask: z.string().default(''),
        guidance: tuning,
        strength: tuning,
        temperature: tuning,
        top_p: tuning,
        steps: z.int().min(1).max(50).default(20),
        seed: z.int().optional(),
      }),
      output: z.record(z.string(), z.json()),
      run: (input) => input,
    })`,
})

let server: Server
let browser: Browser
beforeAll(async () => {
  server = await startServer({ environment: { SANDPIT_MODELS: models } })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop('SIGKILL')
})

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(server.url + path)
  return page
}

const fold = (page: Page) => page.locator('#more-fields')
const isOpen = (page: Page) => fold(page).evaluate((one: HTMLDetailsElement) => one.open)
const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

describe('More options', () => {
  it('is closed at first, below the prompts', async () => {
    const page = await open('/test/long')
    expect(await page.locator('#input-prompt').isVisible()).toBe(true)
    expect(await page.locator('#input-negative_prompt').isVisible()).toBe(true)
    expect(await page.locator('#input-seed').isVisible()).toBe(false)
    await page.context().close()
  })

  it('opened by hand, stays open when a button of another field draws the form again', async () => {
    const page = await open('/test/long')
    await fold(page).locator('summary').click()
    await page.locator('#input-seed').fill('7')
    await page.getByRole('button', { name: 'Add one to tags' }).click()
    await page.locator('.rows li').waitFor()
    expect(await isOpen(page)).toBe(true)
    expect(await page.locator('#input-seed').inputValue()).toBe('7')
    await page.getByRole('button', { name: 'JSON', exact: true }).click()
    await page.getByLabel('Input as JSON').waitFor()
    await page.getByRole('button', { name: 'Form', exact: true }).click()
    await fold(page).waitFor()
    expect(await isOpen(page)).toBe(true)
    await fold(page).locator('summary').click()
    await page.getByRole('button', { name: 'Add one to tags' }).click()
    await page.locator('.rows li').waitFor()
    expect(await isOpen(page)).toBe(false)
    await page.context().close()
  })

  it('opens for a field that the browser does not accept', async () => {
    const page = await open('/test/long')
    await fold(page).locator('summary').click()
    await page.locator('#input-steps').fill('99')
    await fold(page).locator('summary').click()
    expect(await isOpen(page)).toBe(false)
    await run(page)
    expect(await isOpen(page)).toBe(true)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('input-steps')
    await page.context().close()
  })

  it('opens for a field that the server does not accept, without scripts', async () => {
    const page = await open('/test/long?steps=99', { javaScriptEnabled: false })
    expect(await page.locator('#input-steps').isVisible()).toBe(true)
    expect(await page.locator('#more-fields > summary').textContent()).toContain(
      '1 needs another look',
    )
    await page.context().close()
  })
})
