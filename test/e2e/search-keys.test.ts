import { expect, it } from 'vitest'
import { startSite } from '../support/site.ts'

const site = startSite()

const focused = 'document.activeElement.id'

it('focuses the search by keys, but not while somebody types', async () => {
  const page = await site.open('/sandpit/image-tools')
  const search = page.getByRole('searchbox', { name: 'Search models' })
  expect(await search.getAttribute('aria-keyshortcuts')).toBe('/ Control+K Meta+K')
  for (const keys of ['/', 'Control+k', 'Meta+k']) {
    await page.keyboard.press(keys)
    expect(await page.evaluate(focused)).toBe('q')
    await search.blur()
  }
  await search.fill('a')
  await page.keyboard.type('/b')
  expect(await search.inputValue()).toBe('a/b')

  await page.setViewportSize({ width: 390, height: 800 })
  await page.locator('body').press('/')
  await page.waitForURL(`${site.server.url}/#q`)
  expect(await page.evaluate(focused)).toBe('q')
  await page.context().close()
})
