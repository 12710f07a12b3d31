import type { Browser, Locator, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { greetingImage } from '../support/containers/image-app.ts'
import { type ScriptedEngine, startScriptedEngine } from '../support/containers/scripted-engine.ts'
import { eventually } from '../support/eventually.ts'
import { type Server, startServer } from '../support/server.ts'

const images = [greetingImage('1'), greetingImage('2')]
const booting = greetingImage('3', { booting: true })

let engine: ScriptedEngine
let server: Server
let browser: Browser
beforeAll(async () => {
  engine = await startScriptedEngine({ images: [...images, booting] })
  server = await startServer({ environment: { SANDPIT_ENGINE: engine.url } })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop('SIGKILL')
  await engine?.close()
})

it.each([true, false])(
  'a model is made of two images, drained, and its default moved by a click: scripts %s',
  { timeout: 120_000 },
  async (javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    const name = `team/greets-${javaScriptEnabled}`
    for (const image of images) await add(page, image.name, name)
    await page.locator('#input-name').fill('ada')
    await page.getByRole('button', { name: 'Run' }).first().click()
    await page.getByText('Hello 2, ada').first().waitFor()
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    const drain = page.getByRole('button', { name: /^Drain sandpit-/ })
    await drain.click()
    await page.waitForURL('**/settings/models/**#instances')
    await gone(page, drain, javaScriptEnabled)
    await page.goto(`${server.url}/${name}/versions`)
    const steps = page.locator('.steps > li')
    const current = steps.filter({ hasText: 'Current version' })
    expect(await steps.count()).toBe(2)
    for (const image of images) {
      await page.getByRole('button', { name: /^Make .* the default$/ }).click()
      await current.filter({ hasText: image.name }).waitFor()
    }
    await page.getByRole('link', { name: /^Remove / }).click()
    await page.getByText('Nothing was made with it.').waitFor()
    await page.getByRole('button', { name: 'Remove version' }).click()
    await eventually(async () => expect(await steps.count()).toBe(1))
    expect(await current.count()).toBe(1)
    await context.close()
  },
)

it.each([true, false])(
  'the timeline of a cold start grows while it boots, and stays where it is at the end: scripts %s',
  { timeout: 120_000 },
  async (javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    const name = `team/boots-${javaScriptEnabled}`
    await add(page, booting.name, name)
    await page.locator('#input-name').fill('ada')
    await page.getByRole('button', { name: 'Run' }).first().click()
    const href = await page.locator('.prediction-id a').getAttribute('href')
    await page.goto(`${server.url}${href}`)
    const bar = (words: RegExp) => page.locator('.prediction').getByRole('img', { name: words })
    const boots = bar(/^Queued .*, Booting \d:\d\d so far$/)
    await boots.waitFor()
    const width = async () => Number((await boots.getAttribute('viewBox'))?.split(' ')[2])
    const before = { width: await width(), box: await boots.boundingBox() }
    const container = engine.containers().at(-1)
    await eventually(async () => {
      // Without scripts, the page loads itself again.
      container?.write(`tensors read after ${before.width} s`)
      expect(await width()).toBeGreaterThan(before.width)
    })
    expect(await boots.boundingBox()).toEqual(before.box)
    container?.server().become('READY')
    const ended = bar(/^Queued .*, Booted .*, Ran .*s$/)
    await ended.waitFor()
    await page.getByText('Hello 3, ada').waitFor()
    expect(await ended.boundingBox()).toEqual(before.box)
    expect(await page.locator('.prediction').getByText('Booting').count()).toBe(0)
    await context.close()
  },
)

/** Makes an image a model, or the next version of one. */
async function add(page: Page, image: string, name: string): Promise<void> {
  await page.goto(`${server.url}/models/new`)
  await page.locator('#where').fill(image)
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByText('126 MB, here already').waitFor()
  await page.locator('#name').fill(name)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(`**/${name}`)
}

/** The page follows its containers by itself; without scripts, it is loaded again. */
async function gone(page: Page, button: Locator, javaScriptEnabled: boolean): Promise<void> {
  if (javaScriptEnabled) return button.waitFor({ state: 'detached' })
  await eventually(async () => {
    await page.reload()
    expect(await button.count()).toBe(0)
  })
}
