import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { startSite } from '../support/site.ts'

const site = startSite()

/** Runs the first model twice, and opens the list. */
async function openList(javaScriptEnabled: boolean): Promise<Page> {
  const page = await site.open('/', { javaScriptEnabled, viewport: { width: 820, height: 900 } })
  for (const name of ['Ada', 'Grace']) {
    await page.goto(`${site.server.url}/sandpit/hello-world?input.text=${name}`)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText(`Hello ${name}`).first().waitFor()
  }
  await page.goto(`${site.server.url}/predictions`)
  return page
}

it.each([true, false])('selects, compares and deletes, with scripts: %s', async (scripts) => {
  const page = await openList(scripts)
  const bar = page.getByRole('button', { name: 'Compare' })
  expect(await bar.isVisible()).toBe(false)
  await page.getByRole('checkbox').nth(0).check()
  await page.getByRole('checkbox').nth(1).check()
  expect(await bar.isVisible()).toBe(true)
  if (scripts) await expectAccessible(page)

  const star = page.getByRole('button', { name: /^Favourite: / }).first()
  if (scripts) {
    // It changes in place: what is selected stays so.
    await star.click()
    await page.getByRole('button', { name: /^Favourite: /, pressed: true }).waitFor()
    expect(await page.getByRole('checkbox').nth(1).isChecked()).toBe(true)
  } else {
    await page.getByRole('button', { name: 'Favourite', exact: true }).click()
    const favourites = page.getByRole('button', { name: /^Favourite: /, pressed: true })
    await favourites.nth(1).waitFor()
    expect(await favourites.count()).toBe(2)
    for (const at of [0, 1]) await page.getByRole('checkbox').nth(at).check()
  }

  await bar.click()
  await page.getByRole('heading', { name: 'Inputs that differ' }).waitFor()
  if (scripts) await expectAccessible(page)
  await page.goto(`${site.server.url}/predictions?view=grid`)
  if (scripts) await expectAccessible(page)
  await page.getByRole('checkbox').first().check()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'Delete 1 prediction?' }).waitFor()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('1 prediction deleted.').waitFor()
})
