import type { BrowserContextOptions, Page } from 'playwright'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { expectDrawn } from '../support/drawn.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const sizes = { icon: [24, 24], tall: [300, 1800], wide: [3000, 500], large: [2000, 2000] } as const
type Name = keyof typeof sizes

async function picture([width, height]: readonly [number, number]): Promise<string> {
  const plain = sharp({ create: { width, height, channels: 3, background: 'tan' } })
  return (await plain.png().toBuffer()).toString('base64')
}

const site = startSite(async () => {
  const entries = await Promise.all(
    Object.entries(sizes).map(async ([name, size]) => [name, await picture(size)]),
  )
  const models = writeModels({
    pictures: `
      import { defineModel, file, z } from 'sandpit/model'
      const made = ${JSON.stringify(Object.fromEntries(entries))}
      export const pictures = defineModel({
        name: 'test/pictures',
        description: 'Makes pictures of some sizes.',
        input: z.object({ names: z.string() }),
        output: z.array(file()),
        copies: 4,
        run: ({ names }, ctx) =>
          names.split(' ').map((name) =>
            ctx.file(Buffer.from(made[name], 'base64'), { name: name + '.png' })),
      })`,
    mirror: `
      import { readFile } from 'node:fs/promises'
      import { defineModel, file, z } from 'sandpit/model'
      export const mirror = defineModel({
        name: 'test/mirror',
        description: 'Gives a picture back.',
        input: z.object({ photo: file() }),
        output: file(),
        run: async ({ photo }, ctx) => ctx.file(await readFile(photo.path), { name: 'after.png' }),
      })`,
  })
  return { environment: { SANDPIT_MODELS: models } }
})

async function make(names: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await site.open('/test/pictures', options)
  await page.locator('[name="input.names"]').last().fill(names)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForSelector('[data-status=succeeded]')
  return page
}

const boxes = (page: Page) =>
  page.locator('.gallery img').evaluateAll((all) =>
    all.map((image) => {
      const { width, height } = image.getBoundingClientRect()
      return { width, height, pane: image.closest('.gallery')?.clientWidth ?? 0 }
    }),
  )

describe.each([
  { at: 'a phone', viewport: { width: 390, height: 844 } },
  { at: 'a desk', viewport: { width: 1440, height: 900 } },
])('on $at, a picture', ({ viewport }) => {
  it.each(Object.keys(sizes) as Name[])(
    'is as large as it is, and no larger than there is room: %s',
    async (name) => {
      const page = await make(name, { viewport })
      const [width, height] = sizes[name]
      const [box] = await boxes(page)
      const pane = box?.pane ?? 0
      const scale = Math.min(1, pane / width, (0.7 * viewport.height) / height)
      expect(box?.width).toBeCloseTo(width * scale, 0)
      expect(box?.height).toBeCloseTo(height * scale, 0)
      expect(await page.locator('figcaption').textContent()).toMatch(
        new RegExp(`^${name}.png · ${width} × ${height} · [\\d.]+ K?B$`),
      )
      await page.context().close()
    },
  )

  it('has its place before it arrives', async () => {
    const page = await make('tall', { viewport })
    const [after] = await boxes(page)
    await page.route('**/*.png', () => {})
    await page.reload({ waitUntil: 'domcontentloaded' })
    const [before] = await boxes(page)
    expect(before?.height).toBeCloseTo(after?.height ?? 0, 0)
    await page.context().close()
  })

  it('among others is not enlarged, and whole', async () => {
    const page = await make('icon tall wide large', { viewport })
    const [icon, tall, wide] = await boxes(page)
    expect([icon?.width, icon?.height]).toEqual([24, 24])
    expect((tall?.height ?? 0) / (tall?.width ?? 1)).toBeCloseTo(6, 1)
    expect((wide?.width ?? 0) / (wide?.height ?? 1)).toBeCloseTo(6, 1)
    await page.context().close()
  })
})

describe('a picture in full size', () => {
  it('leads to the one before and after by links, and back to where it was opened', async () => {
    const made = await make('icon tall wide')
    const page = await (await site.browser.newContext({ javaScriptEnabled: false })).newPage()
    await page.goto(made.url())
    await page.locator('.gallery a').nth(1).click()
    const shown = page.locator('main img')
    const place = page.locator('nav[aria-label=Pictures] .mono')
    expect(await place.textContent()).toBe('2 of 3')
    expect(await page.title()).toBe('tall.png, 2 of 3 · Sandpit')
    expect(await shown.evaluate((image) => image.getBoundingClientRect().height)).toBe(1800)
    await page.getByRole('link', { name: 'Next picture' }).click()
    expect(await place.textContent()).toBe('3 of 3')
    expect(await shown.evaluate((image) => image.getBoundingClientRect().width)).toBe(3000)
    expect(await page.getByRole('link', { name: 'Next picture' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Previous picture' }).click()
    await page.getByRole('link', { name: 'Fit', exact: true }).click()
    expect(await shown.evaluate((image) => image.getBoundingClientRect().height)).toBeLessThan(600)
    await page.getByRole('link', { name: 'Close' }).click()
    expect(page.url()).toBe(made.url().replace(/#.*/, ''))
    await made.context().close()
    await page.context().close()
  })

  it('opens above the result, goes on by arrows, and gives the focus back', async () => {
    const page = await make('icon tall wide')
    const dialog = page.locator('dialog')
    const place = dialog.locator('nav .mono')
    await page.locator('.gallery a').nth(1).click()
    await dialog.getByRole('img', { name: 'tall.png, 2 of 3' }).waitFor()
    expect(await dialog.getAttribute('aria-label')).toBe('Picture 2 of 3 in full size')
    await dialog.getByRole('link', { name: 'Next picture' }).click()
    await dialog.getByRole('img', { name: 'wide.png, 3 of 3' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Close')
    await page.keyboard.press('ArrowLeft')
    await dialog.getByRole('img', { name: 'tall.png, 2 of 3' }).waitFor()
    await page.keyboard.press('ArrowLeft')
    await dialog.getByRole('img', { name: 'icon.png, 1 of 3' }).waitFor()
    expect(await place.textContent()).toBe('1 of 3')
    await page.keyboard.press('Escape')
    expect(await dialog.isVisible()).toBe(false)
    const { href } = await page.evaluate(() => ({
      href: document.activeElement?.getAttribute('href'),
    }))
    expect(href).toBe(await page.locator('.gallery a').nth(1).getAttribute('href'))
    await page.context().close()
  })
})

it('is seen by whoever has a link to the prediction, under that link', async () => {
  const page = await make('icon wide')
  await page.goto(page.url())
  await page.getByRole('link', { name: 'Share', exact: true }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByLabel('Link 1 to share').inputValue()
  const guest = await (await site.browser.newContext({ javaScriptEnabled: false })).newPage()
  await guest.goto(link)
  await guest.locator('.gallery a').first().click()
  expect(guest.url()).toContain(new URL(link).pathname)
  await guest.getByRole('link', { name: 'Next picture' }).click()
  await expectDrawn(guest.locator('main img'), 3000)
  const gone = await guest.goto(`${link}/pictures/nothing`)
  expect(gone?.status()).toBe(404)
  await page.context().close()
  await guest.context().close()
})

it('is compared with an input of its size: by a slider, and beside it without scripts', async () => {
  const page = await site.open('/test/mirror')
  const buffer = Buffer.from(await picture([600, 400]), 'base64')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'before.png', mimeType: 'image/png', buffer })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForSelector('[data-status=succeeded]')
  const after = page.getByRole('img', { name: 'After: after.png' })
  const clip = () => after.evaluate((image) => getComputedStyle(image).clipPath)
  const box = (of: Page, name: string) => of.getByRole('img', { name }).boundingBox()
  expect(await clip()).toContain('50%')
  await page.getByLabel('Before and after, where they meet').fill('20')
  expect(await clip()).toContain('20%')
  expect(await box(page, 'After: after.png')).toEqual(await box(page, 'Before: before.png'))

  const plain = await (await site.browser.newContext({ javaScriptEnabled: false })).newPage()
  await plain.goto(page.url())
  const [one, two] = [await box(plain, 'Before: '), await box(plain, 'After: ')]
  expect(two?.x).toBeGreaterThan((one?.x ?? 0) + (one?.width ?? 0))
  expect(await plain.locator('.media input').isVisible()).toBe(false)
  await plain.getByRole('link', { name: 'without the slider' }).click()
  expect(await plain.locator('figcaption').allTextContents()).toEqual([
    'Before: before.png',
    'After: after.png',
  ])
  await page.context().close()
  await plain.context().close()
})
