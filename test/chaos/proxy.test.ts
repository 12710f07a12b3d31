import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type Fault, type FaultyProxy, faults, startFaultyProxy } from '../support/faulty-proxy.ts'
import { writeModels } from '../support/models.ts'
import { recordOf } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'

const models = writeModels({
  talk: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    export const talk = defineModel({
      name: 'test/talk',
      description: 'Says one word after the other.',
      input: z.object({ words: z.int().min(1).max(10000).default(10000), photo: file().optional() }),
      output: z.string(),
      copies: 8,
      async *run({ words }, ctx) {
        for (let word = 1; word <= words; word++) {
          yield 'word' + word + ' '
          await wait(50, undefined, { signal: ctx.signal })
        }
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

async function open(): Promise<Page> {
  proxy.become('pass')
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${proxy.url}/test/talk`)
  return page
}

const pressRun = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()
const note = (page: Page) => page.locator('#connection')
const unsent = (page: Page) => page.locator('.unsent')
const wordsOn = async (page: Page) =>
  (await page.locator('#prediction .stream').textContent())?.split(' ').length ?? 0

async function running(): Promise<Page> {
  const page = await open()
  await pressRun(page)
  await page.waitForSelector('#prediction .stream')
  return page
}

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.waitForSelector('[data-status=canceled]')
  await page.context().close()
}

const signedOut = /You may be signed out/
const told: Readonly<Record<Fault, RegExp>> = {
  'asks who you are': signedOut,
  'leads to a login page': signedOut,
  'leads to another site': signedOut,
  'has a page of its own': signedOut,
  'is asked too much': /Too many requests/,
  'finds no server': /returned an error \(502\)/,
}

describe.each(faults)('a proxy that %s', (fault) => {
  it('leaves the panel where it is, which says so and goes on afterwards', async () => {
    const page = await running()
    expect(await note(page).isVisible()).toBe(false)
    proxy.become(fault)
    await note(page).waitFor()
    expect(await note(page).textContent()).toMatch(told[fault])
    const seen = await wordsOn(page)
    expect(seen).toBeGreaterThan(0)
    expect(await page.locator('#prediction[aria-busy=true]').count()).toBe(1)
    proxy.become('pass')
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(seen))
    await note(page).waitFor({ state: 'hidden' })
    await cancel(page)
  })

  it('makes Cancel say that it was not done', async () => {
    const page = await running()
    proxy.become(fault)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await eventually(async () => expect(await note(page).textContent()).toMatch(/was not done/))
    expect(await page.locator('#prediction .stream').count()).toBe(1)
    proxy.become('pass')
    await cancel(page)
  })

  it.each(['a file', 'no file'])('makes Run with %s say that nothing was run', async (what) => {
    const page = await open()
    await page.locator('[name="input.words"]').last().fill('3')
    if (what === 'a file')
      await page
        .locator('[type=file]')
        .first()
        .setInputFiles({
          name: 'note.txt',
          mimeType: 'text/plain',
          buffer: Buffer.from('sand'),
        })
    proxy.become(fault)
    await pressRun(page)
    await unsent(page).waitFor()
    const words = await unsent(page).locator('span').textContent()
    expect(words).toMatch(told[fault])
    expect(words).toContain('Nothing was run')
    expect(await page.locator('#prediction').count()).toBe(0)
    expect(await page.locator('[name="input.words"]').last().inputValue()).toBe('3')
    proxy.become('pass')
    await pressRun(page)
    await page.waitForSelector('#prediction[aria-busy=false]')
    expect(await unsent(page).isVisible()).toBe(false)
    await page.context().close()
  })
})

describe('a page that is offline', () => {
  it('says so while it is, and goes on afterwards', async () => {
    const page = await running()
    await page.context().setOffline(true)
    await note(page).waitFor()
    expect(await note(page).textContent()).toContain('You are offline')
    const seen = await wordsOn(page)
    await page.context().setOffline(false)
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(seen + 2))
    await note(page).waitFor({ state: 'hidden' })
    await cancel(page)
  })
})

it('is told apart from others by a header of its fragments', async () => {
  const page = await running()
  const id = recordOf(page)
  const panel = await fetch(`${server.url}${id}/panel`)
  expect(panel.headers.get('Sandpit')).toBe('fragment')
  const whole = await fetch(server.url + id)
  expect(whole.headers.get('Sandpit')).toBe('page')
  await cancel(page)
})
