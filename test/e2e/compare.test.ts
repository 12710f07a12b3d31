import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

/** While this file is there, runs go on. */
const gate = join(tmpdir(), `sandpit-gate-${process.pid}`)

const drawer = (name: string, prompt: string, own: string, run: string) => `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    export const ${name} = defineModel({
      name: 'test/${name}',
      description: 'Says what it was asked.',
      input: z.object({ ${prompt}: z.string(), picture: file().optional(), ${own} }),
      output: z.string(),
      copies: 4,
      async run(input, { signal }) {
        while (!existsSync(${JSON.stringify(gate)})) await wait(20, undefined, { signal })
        ${run}
      },
    })`

const models = writeModels({
  ink: drawer('ink', 'prompt', 'steps: z.int().default(4)', "return 'ink: ' + input.prompt"),
  oil: drawer('oil', 'prompt', "tone: z.string().default('')", "throw new Error('It ran dry.')"),
  pen: drawer('pen', 'text', 'width: z.int().default(1)', "return 'pen: ' + input.text"),
})
const site = startSite({ environment: { SANDPIT_MODELS: models } })

beforeEach(() => writeFileSync(gate, ''))
afterAll(() => rmSync(gate, { force: true }))

const results = (page: Page) => page.locator('#group')
const column = (page: Page, name: string) =>
  page.getByRole('article', { name: `test/${name}`, exact: true })
const runAll = (page: Page) => page.getByRole('button', { name: 'Run all', exact: true })
const ended = (page: Page) => page.locator('#group[aria-busy=false]').waitFor()

async function add(page: Page, name: string): Promise<void> {
  await page.getByLabel('Add a model').fill(`test/${name}`)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: `Remove test/${name}` }).waitFor()
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_name, javaScriptEnabled) => {
  it('keeps what was typed as models come and go, and shows below it what they make', async () => {
    rmSync(gate, { force: true })
    const page = await site.open('/predictions', { javaScriptEnabled })
    const rows = page.getByRole('link', { name: 'test/ink, test/oil' })
    const before = await rows.count()
    await page.goto(`${site.server.url}/compare?models=test/ink,test/oil`)
    await page.getByLabel('prompt').fill('Dunes')
    await page.getByLabel('steps').fill('8')
    await add(page, 'pen')
    await page.getByRole('button', { name: 'Remove test/pen' }).click()
    await page.getByRole('heading', { name: 'For both' }).waitFor()
    expect(await page.getByLabel('prompt').inputValue()).toBe('Dunes')
    expect(await page.getByLabel('steps').inputValue()).toBe('8')

    let panels = 0
    page.on('response', (response) => {
      if (/\/g\/\w+\/panel/.test(response.url())) panels++
    })
    await runAll(page).dblclick()
    await page.waitForURL(/\/compare\?group=/)
    await results(page).getByText('0 of 2 done').waitFor()
    writeFileSync(gate, '')
    await ended(page)
    await column(page, 'ink').getByText('ink: Dunes').waitFor()
    expect(await column(page, 'oil').textContent()).toContain('It ran dry.')
    expect(await results(page).getByRole('status').textContent()).toContain('1 failed')
    expect(await page.getByLabel('steps').inputValue()).toBe('8')
    expect(panels > 0).toBe(javaScriptEnabled)

    await page.goto(`${site.server.url}/predictions`)
    expect(await rows.count()).toBe(before + 1)
    await page.context().close()
  })

  it('takes a result over with its file, from the workspace and from its page', async () => {
    const page = await site.open('/test/ink', { javaScriptEnabled })
    await page.getByLabel('prompt').fill('Dunes')
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'dune.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('A dune.'),
      })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const compare = page.getByRole('link', { name: 'Compare with…' })
    await compare.waitFor()
    const address = await page.getByRole('link', { name: /^p\// }).getAttribute('href')
    for (const from of [page.url(), new URL(address ?? '', page.url()).href]) {
      await page.goto(from)
      await compare.click()
      await page.waitForURL(/\/compare\?/)
      expect(await page.getByLabel('prompt').inputValue()).toBe('Dunes')
      await page.getByText('dune.txt').waitFor()
      await add(page, 'oil')
      expect(await page.getByLabel('prompt').inputValue()).toBe('Dunes')
      await page.getByText('dune.txt').waitFor()
    }
    await page.context().close()
  })
})

it('runs on Ctrl and Enter, text with prompt where an operator said that they are the same', async () => {
  const page = await site.open('/test/pen/edit')
  await page.getByLabel('counts as').fill('text = prompt')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  await page.goto(`${site.server.url}/compare?models=test/ink,test/pen`)
  await page.getByLabel('prompt', { exact: true }).fill('Dunes')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/compare\?group=/)
  await ended(page)
  for (const name of ['ink', 'pen']) await column(page, name).getByText(`${name}: Dunes`).waitFor()
  expect(existsSync(gate)).toBe(true)
  await page.context().close()
})
