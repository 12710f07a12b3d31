import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
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

it.each([true, false])(
  'a model is edited, and the README drawn while it is written: scripts %s',
  { timeout: 60_000 },
  async (javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    await page.goto(`${server.url}/sandpit/hello-world/edit`)
    await page.locator('#description').fill(`Greets you. ${javaScriptEnabled}`)
    await page.locator('#readme').fill('# Hello\n\nIt is **kind**.')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.locator('#preview strong', { hasText: 'kind' }).waitFor()
    expect(await page.locator('#description').inputValue()).toContain('Greets you.')
    await page.locator('#idle').fill('soon')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('link', { name: 'stopped after' }).click()
    expect(await page.locator('#idle').inputValue()).toBe('soon')
    expect(await page.locator('#readme').inputValue()).toContain('It is **kind**.')
    if (javaScriptEnabled) await expectAccessible(page)
    await page.locator('#idle').fill(javaScriptEnabled ? '61' : '62')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved. Everyone sees it from now on.').waitFor()
    expect(await page.locator('.lede').textContent()).toBe(`Greets you. ${javaScriptEnabled}`)
    expect(await page.locator('#idle').inputValue()).toBe(javaScriptEnabled ? '61' : '62')
    await context.close()
  },
)

it('axe finds nothing on the pages of operators', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto(`${server.url}/settings/collections`)
  await page.locator('#title').fill('First steps')
  await page.locator('#models').fill('sandpit/nothing')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByText('1 field needs attention').waitFor()
  await expectAccessible(page)
  await page.locator('#models').fill('sandpit/hello-world')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { name: 'First steps' }).waitFor()
  await expectAccessible(page)
  await page.goto(`${server.url}/deployments`)
  await page.locator('#name').fill('team/first')
  await page.locator('#model').fill('sandpit/hello-world')
  await page.getByRole('button', { name: 'List versions' }).click()
  await page.locator('select#version').waitFor()
  expect(await page.locator('#name').inputValue()).toBe('team/first')
  await page.locator('#name').press('Enter')
  await page.getByText('0 running, 0 waiting').waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await expectAccessible(page)
  const created = await fetch(`${server.url}/deployments`, {
    method: 'POST',
    headers: { Origin: server.url },
    body: new URLSearchParams({
      name: 'team/next',
      model: 'sandpit/hello-world',
      min: '0',
      max: '1',
    }),
  })
  expect(created.status).toBe(200)
  await page.getByText('team/next').waitFor()
  await page.getByRole('heading', { name: '2 deployments' }).waitFor()
  await context.close()
})
