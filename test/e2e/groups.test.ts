import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, Request } from 'playwright'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { temporaryFolder } from '../support/run-folder.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  cells: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const cells = defineModel({
      name: 'test/cells',
      description: 'Gives back a number, after a while, and once a file is there.',
      input: z.object({ number: z.int(), ms: z.int().default(50), gate: z.string().default('') }),
      output: z.string(),
      copies: 2,
      async run({ number, ms, gate }, { signal }) {
        while (gate && !existsSync(gate)) await wait(20, undefined, { signal })
        await wait(ms, undefined, { signal })
        return 'number ' + number
      },
    })`,
})
const site = startSite({ environment: { SANDPIT_MODELS: models } })

const sweep = '/test/cells/sweep?axis=number&values.number=1:40&input.ms='

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.waitForURL('**/g/*')
}

it('fills the cells of a grid with one request held at a time', async () => {
  const gate = join(temporaryFolder('sandpit-grid-'), 'gate')
  const page = await site.open(`${sweep}50&input.gate=${encodeURIComponent(gate)}`)
  let held = 0
  let most = 0
  const isPanel = (url: string) => url.includes('/panel?')
  page.on('request', (request) => {
    if (isPanel(request.url())) most = Math.max(most, ++held)
  })
  const leave = (request: Request) => {
    if (isPanel(request.url())) held--
  }
  page.on('requestfinished', leave)
  page.on('requestfailed', leave)
  await run(page)
  await eventually(() => expect(held).toBe(1))
  writeFileSync(gate, '')
  await page.locator('#group[aria-busy=false]').waitFor()
  expect(await page.locator('.sweep td a').count()).toBe(40)
  expect(await page.getByRole('link', { name: 'number 40', exact: true }).textContent()).toBe(
    'number 40',
  )
  expect(most).toBe(1)
  expect(await page.title()).toBe('number · Sandpit')
  await page.locator('#shared').getByText('50', { exact: true }).waitFor()
  expect(await page.locator('#connection').isVisible()).toBe(false)
  await page.context().close()
})

it('shows the rows of a file, and no message once they are done', async () => {
  const gate = join(temporaryFolder('sandpit-rows-'), 'gate')
  const page = await site.open('/test/cells/batch')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      name: 'numbers.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`number,gate\n1,${gate}\n2,${gate}\n`),
    })
  await page.locator('.run-bar').getByRole('button').first().click()
  await page.getByText('2 runs').waitFor()
  await run(page)
  await page.locator('#group[aria-busy=true]').waitFor()
  const settled = page.waitForResponse((response) => /\/g\/\w+$/.test(response.url()))
  writeFileSync(gate, '')
  await page.locator('#group[aria-busy=false]').waitFor()
  await (await settled).finished()
  expect(await page.getByText('number 2').count()).toBe(1)
  expect(await page.locator('#connection').isVisible()).toBe(false)
  await page.context().close()
})

it('is canceled, and reloads itself, without scripts', async () => {
  const page = await site.open(`${sweep}60000`, { javaScriptEnabled: false })
  await run(page)
  expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(1)
  await page.getByRole('button', { name: 'Cancel all' }).click()
  await eventually(async () =>
    expect(await page.locator('#group .notice').textContent()).toContain('It was canceled.'),
  )
  await page.getByRole('button', { name: 'Run the rest', exact: true }).waitFor()
  await page.context().close()
})

it.each([true, false])('shares a group that fills elsewhere, with scripts: %s', async (scripts) => {
  const page = await site.open(`${sweep}400`, { javaScriptEnabled: scripts })
  await run(page)
  const address = page.url()
  await page.getByRole('link', { name: 'Share', exact: true }).click()
  await page.getByRole('heading', { name: 'Share this sweep' }).waitFor()
  expect(await page.locator('dialog[open]').count()).toBe(scripts ? 1 : 0)
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByLabel('Link 1 to share').inputValue()
  const stranger = await site.open(new URL(link).pathname, { javaScriptEnabled: scripts })
  expect(await stranger.getByText('Cancel all').count()).toBe(0)
  // It fills by its held request, or by reloading itself.
  await stranger.locator('#group[aria-busy=false]').waitFor()
  await stranger.getByRole('link', { name: 'number 40', exact: true }).click()
  await stranger.getByRole('link', { name: 'Its sweep' }).waitFor()
  expect(stranger.url()).toContain(`${new URL(link).pathname}/p/`)
  expect(await stranger.locator('#prediction').textContent()).toContain('number 40')
  await page.goto(address)
  const end = page.getByRole('button', { name: 'End link 1' })
  await end.click()
  await end.waitFor({ state: 'detached' })
  expect((await stranger.goto(link))?.status()).toBe(410)
  for (const one of [page, stranger]) await one.context().close()
})
