import { describe, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { startSite } from '../support/site.ts'

const site = startSite()

const paths = [
  '/sandpit/image-tools/api',
  '/sandpit/story/api?language=python&variant=stream',
  '/sandpit/hello-world/versions',
  '/collections/sandpit',
  '/docs/api',
]

describe('the pages about the API', () => {
  const views = [
    { name: 'phone, dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    { name: 'desk, light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  ] as const

  it.each(views)(
    'give axe nothing to find, and fit: $name',
    { timeout: 120_000 },
    async ({ name: _, ...view }) => {
      const page = await site.open('/', view)
      await page.goto(`${site.server.url}/sandpit/hello-world/versions`)
      const version = await page.locator('.steps h2 a').getAttribute('href')
      for (const path of [...paths, version ?? '']) {
        await page.goto(site.server.url + path)
        await expectAccessible(page, '.operation:nth-of-type(n + 3)')
        for (const width of [view.viewport.width, 820]) {
          await page.setViewportSize({ ...view.viewport, width })
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          expect(wide, path).toBeLessThanOrEqual(0)
        }
        await page.setViewportSize(view.viewport)
      }
      await page.context().close()
    },
  )
})

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  it('what was filled in becomes code', async () => {
    const page = await site.open('/sandpit/hello-world', { javaScriptEnabled })
    await page.locator('[name="input.text"]').last().fill(`it's me`)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('link', { name: 'As code' }).click()
    const snippet = page.locator('#snippet')
    expect(await snippet.textContent()).toContain(`text: 'it\\'s me'`)
    await page.getByRole('link', { name: 'Python' }).click()
    expect(await snippet.textContent()).toContain(`"text": "it's me"`)
    await page.getByRole('link', { name: 'Webhook' }).click()
    expect(await snippet.textContent()).toContain('webhook=')
    await page.getByRole('link', { name: 'Playground', exact: true }).first().click()
    expect(await page.locator('[name="input.text"]').last().inputValue()).toBe(`it's me`)
    await page.context().close()
  })

  it('the reference is folded nowhere, and its schemas are a link away', async () => {
    const page = await site.open('/docs/api', { javaScriptEnabled })
    const article = page.locator('article', { has: page.locator('[id="predictions.get"]') })
    await article.getByRole('link', { name: 'Prediction', exact: true }).click()
    expect(new URL(page.url()).hash).toBe('#schema-Prediction')
    expect(await page.locator('[id="schema-Prediction"]').isVisible()).toBe(true)
    await page.context().close()
  })
})

it('a snippet is copied by its button, which only scripts show', async () => {
  const permissions = ['clipboard-read', 'clipboard-write']
  const page = await site.open('/sandpit/hello-world/api', { permissions })
  const code = await page.locator('#snippet').textContent()
  await page.locator('[data-copies=snippet]').click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code)
  await page.context().close()
  const plain = await site.open('/sandpit/hello-world/api', { javaScriptEnabled: false })
  expect(await plain.locator('[data-copies=snippet]').isVisible()).toBe(false)
  await plain.context().close()
})
