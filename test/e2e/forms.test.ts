import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  long: `
    import { defineModel, file, z } from 'sandpit/model'
    const tuning = z.number().min(0).max(10).default(1)
    export const long = defineModel({
      name: 'test/long',
      description: 'Takes more than a screen shows.',
      input: z.object({
        prompt: z.string().default('a cat'),
        negative_prompt: z.string().default(''),
        tags: z.array(z.string()).optional(),
        photo: file().optional(),
        mask: z.string().default(''),
        guidance: tuning,
        strength: tuning,
        temperature: tuning,
        top_p: tuning,
        steps: z.int().min(1).max(50).default(20),
        seed: z.int().optional(),
      }),
      output: z.record(z.string(), z.json()),
      run: ({ photo, ...input }) => ({ ...input, photo: photo?.size ?? 0 }),
    })`,
})

const site = startSite({ environment: { SANDPIT_MODELS: models } })

const fold = (page: Page) => page.locator('#more-fields')
const isOpen = (page: Page) => fold(page).evaluate((one: HTMLDetailsElement) => one.open)
const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

describe('More options', () => {
  it('is closed at first, below the prompts', async () => {
    const page = await site.open('/test/long')
    expect(await page.locator('#input-prompt').isVisible()).toBe(true)
    expect(await page.locator('#input-negative_prompt').isVisible()).toBe(true)
    expect(await page.locator('#input-seed').isVisible()).toBe(false)
    await page.context().close()
  })

  it('opened by hand, stays open when a button of another field draws the form again', async () => {
    const page = await site.open('/test/long')
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
    const page = await site.open('/test/long')
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
    const page = await site.open('/test/long?steps=99', { javaScriptEnabled: false })
    expect(await page.locator('#input-steps').isVisible()).toBe(true)
    expect(await page.locator('#more-fields > summary').textContent()).toContain(
      '1 needs attention',
    )
    await page.context().close()
  })
})

it('keeps the height that a text was given by hand, and breaks no rule of ours', async () => {
  const page = await site.open('/test/long')
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  const prompt = page.locator('#input-prompt')
  const heightOf = () => prompt.evaluate((text: HTMLElement) => text.style.height)
  const { x = 0, y = 0, width = 0, height = 0 } = (await prompt.boundingBox()) ?? {}
  await page.mouse.move(x + width - 4, y + height - 4)
  await page.mouse.down()
  await page.mouse.move(x + width - 4, y + height + 60, { steps: 3 })
  await page.mouse.up()
  const made = await heightOf()
  expect(made).toMatch(/px$/)
  await page.getByRole('button', { name: 'Add one to tags' }).click()
  await page.locator('.rows li').waitFor()
  expect(await heightOf()).toBe(made)
  await page.getByRole('button', { name: 'JSON', exact: true }).click()
  await page.getByLabel('Input as JSON').waitFor()
  await page.getByRole('button', { name: 'Form', exact: true }).click()
  await prompt.waitFor()
  expect(await heightOf()).toBe(made)
  await run(page)
  await page.waitForSelector('[data-status=succeeded]')
  expect(complaints).toEqual([])
  await page.context().close()
})

describe('a file that is chosen', () => {
  const photo = { name: 'a.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(1e6) }

  it('has the same size before and after it is sent', async () => {
    const page = await site.open('/test/long')
    await page.locator('#input-photo').setInputFiles(photo)
    const size = page.locator('.upload-name small:visible')
    expect(await size.textContent()).toBe('977 KB')
    await page.getByRole('button', { name: 'Add one to tags' }).click()
    await eventually(async () => expect(await size.textContent()).toBe('977 KB, uploaded'))
    let asked = false
    page.on('dialog', (dialog) => {
      asked = true
      dialog.accept().catch(() => {})
    })
    await page.getByRole('link', { name: 'Predictions' }).click()
    await page.waitForURL(/\/predictions$/)
    expect(asked).toBe(false)
    await page.context().close()
  })

  it('is asked about when the page is left while it is sent, and then no more', async () => {
    const proxy = await startFaultyProxy(site.server.port)
    const page = await (await site.browser.newContext()).newPage()
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      dialog.dismiss().catch(() => {})
    })
    await page.goto(`${proxy.url}/test/long`)
    await page.locator('#input-photo').setInputFiles(photo)
    proxy.become('hold')
    await run(page)
    await page.locator('.sending').waitFor()
    await page.getByRole('link', { name: 'Predictions' }).click({ noWaitAfter: true })
    await eventually(async () => expect(asked).toEqual(['beforeunload']))
    expect(new URL(page.url()).pathname).toBe('/test/long')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.locator('.sending').waitFor({ state: 'hidden' })
    proxy.become('pass')
    await page.getByRole('link', { name: 'Predictions' }).click()
    await page.waitForURL(/\/predictions$/)
    expect(asked).toHaveLength(1)
    await page.context().close()
    proxy.close()
  })
})

describe('Copy link', () => {
  it('copies it, and says so', async () => {
    const page = await site.open('/test/long', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.locator('#input-prompt').fill('a dog & more')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(`${site.server.url}/test/long?input.prompt=a+dog+%26+more`)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('copy-link')
    await page.context().close()
  })

  it('shows it to be selected without scripts', async () => {
    const page = await site.open('/test/long', { javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Copy link' }).click()
    const link = page.getByLabel('Link to these inputs', { exact: true }).locator('input')
    expect(await link.inputValue()).toMatch(/^http:.*\/test\/long$/)
    await page.context().close()
  })
})

describe.each([
  { scripts: 'with scripts', options: {} },
  { scripts: 'without scripts', options: { javaScriptEnabled: false } },
])('previous outputs $scripts', ({ options }) => {
  it('are opened below the address and closed again', async () => {
    const page = await site.open('/test/long', options)
    const address = page.locator('[inputmode=url]')
    await address.fill('https://example.com/a.png')
    await page.getByRole('button', { name: 'Previous outputs for photo' }).click()
    await page.getByRole('button', { name: 'Close previous outputs for photo' }).click()
    await page.getByRole('button', { name: 'Previous outputs for photo' }).waitFor()
    expect(await address.inputValue()).toBe('https://example.com/a.png')
    await page.context().close()
  })
})
