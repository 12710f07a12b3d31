import { expect, it } from 'vitest'
import { startSite } from '../support/site.ts'

const site = startSite()

/** A prediction’s page, in a browser with or without scripts. */
async function predictionPage(javaScriptEnabled: boolean) {
  const page = await site.open('/sandpit/hello-world', { javaScriptEnabled })
  await page.getByRole('button', { name: 'Run', exact: true }).last().click()
  await page.locator('#prediction .prediction-id a').click()
  await page.waitForSelector('[data-status=succeeded]')
  return page
}

it.each([true, false])('makes a share link, with scripts: %s', async (scripts) => {
  const page = await predictionPage(scripts)
  const address = page.url()
  await page.getByRole('link', { name: 'Share', exact: true }).click()
  await page.getByRole('heading', { name: 'Share this prediction' }).waitFor()
  // Where scripts run, the form opens over the page.
  expect(await page.locator('dialog[open]').count()).toBe(scripts ? 1 : 0)
  expect(page.url() === address).toBe(scripts)
  await page.getByLabel('ends').selectOption('7')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByLabel('Link 1 to share').inputValue()
  expect((await page.goto(link))?.status()).toBe(200)
  await page.goto(address)
  const end = page.getByRole('button', { name: 'End link 1' })
  await end.click()
  await end.waitFor({ state: 'detached' })
  const ended = await page.goto(link)
  expect(ended?.status()).toBe(410)
  expect(await page.locator('main').textContent()).toContain('It was revoked on')
  await page.context().close()
})
