import type { Locator, Page } from 'playwright'
import { expect, it } from 'vitest'
import { startSite } from '../support/site.ts'

const site = startSite()

/** The part of the form that is for one input. */
function fieldOf(page: Page, input: string): Locator {
  return page.locator('.field', { has: page.locator(`[name="input.${input}"]`) })
}

it('says when a time in UTC is where the reader is, and sets a colour that is chosen', async () => {
  const page = await site.open('/sandpit/kitchen-sink', { timezoneId: 'Europe/Berlin' })
  const moment = fieldOf(page, 'moment')
  await moment.locator('[type=datetime-local]').fill('2026-04-01T14:30')
  expect(await moment.textContent()).toContain('1 April 2026 at 16:30 where you are.')
  await moment.locator('[type=datetime-local]').fill('')
  expect(await moment.locator('[data-local]').isVisible()).toBe(false)
  const tint = fieldOf(page, 'tint')
  await tint.locator('[type=color]').fill('#336699')
  expect(await tint.getByRole('checkbox').isChecked()).toBe(false)
  await page.context().close()
})
