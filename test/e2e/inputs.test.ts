import type { Locator, Page } from 'playwright'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  inputs: `
    import { defineModel, file, z } from 'sandpit/model'
    export const inputs = defineModel({
      name: 'test/inputs',
      description: 'Takes what is made on the page.',
      input: z.object({
        image: file().optional(),
        mask: file().optional(),
        voice: file({ accept: 'audio/*' }).optional(),
        clip: file({ accept: 'video/*' }).optional(),
      }),
      output: z.string(),
      run: () => 'done',
    })`,
})
const devices = '--use-fake-device-for-media-stream'
const site = startSite({ environment: { SANDPIT_MODELS: models } }, [
  devices,
  '--use-fake-ui-for-media-stream',
])

const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

/** Presses Run; what the files of its inputs contain. */
async function sent(page: Page): Promise<Map<string, Buffer>> {
  await run(page)
  await page.waitForURL(/\/p\/|prediction=/)
  const id = /[a-z2-7]{26}/.exec(page.url())?.[0]
  await page.goto(`${site.server.url}/p/${id}`)
  const links = await page.locator('.given dd a[href*="/files/"]').all()
  const files = new Map<string, Buffer>()
  for (const link of links) {
    const href = new URL((await link.getAttribute('href')) ?? '', page.url()).href
    files.set(href.split('/').at(-1) ?? '', await (await page.request.get(href)).body())
  }
  return files
}

it('draws a mask of the size of the picture, white where it is painted', async () => {
  const page = await site.open('/test/inputs')
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  const mask = fieldOf(page, 'mask')
  await mask.getByRole('button', { name: 'Draw on the picture' }).click()
  await eventually(async () =>
    expect(await mask.getByRole('alert').textContent()).toContain('No other input has a picture'),
  )
  const photo = await sharp({
    create: { width: 1600, height: 800, channels: 3, background: 'tan' },
  })
    .png()
    .toBuffer()
  const picture = { name: 'photo.png', mimeType: 'image/png', buffer: photo }
  await fieldOf(page, 'image').locator('[type=file]').setInputFiles(picture)
  await mask.getByRole('button', { name: 'Draw on the picture' }).click()
  const canvas = mask.locator('canvas')
  await canvas.waitFor()
  expect(await mask.textContent()).toContain('Saved as a PNG of 1600 × 800.')
  await expectAccessible(page)
  await mask.getByRole('button', { name: 'Use this mask' }).click()
  await eventually(async () =>
    expect(await mask.getByRole('alert').textContent()).toContain('Nothing is painted yet.'),
  )

  await mask.getByLabel('Brush size in pixels').fill('200')
  const box = await canvas.boundingBox()
  if (!box) throw new Error('The canvas is not shown.')
  async function stroke(fromX: number, toX: number, y: number) {
    if (!box) return
    await page.mouse.move(box.x + box.width * fromX, box.y + box.height * y)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * toX, box.y + box.height * y, { steps: 4 })
    await page.mouse.up()
  }
  await stroke(0.2, 0.8, 0.25)
  await stroke(0.2, 0.8, 0.75)
  await mask.getByRole('button', { name: 'Undo' }).click()
  await mask.getByText('Eraser').click()
  await stroke(0.6, 0.8, 0.25)
  await eventually(async () =>
    expect(await canvas.getAttribute('aria-label')).toMatch(
      /^Mask over [1-9]\d? % of the picture$/,
    ),
  )
  await mask.getByRole('button', { name: 'Use this mask' }).click()
  await eventually(async () =>
    expect(await mask.locator('.chosen').textContent()).toMatch(/mask\.png 1600 × 800/),
  )

  const drawn = (await sent(page)).get('mask.png')
  const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([1600, 800])
  const at = (x: number, y: number) => data[(y * info.width + x) * info.channels]
  expect([at(480, 200), at(1120, 200), at(480, 600), at(5, 5)]).toEqual([255, 0, 0, 0])
  expect(problems).toEqual([])
  await page.context().close()
})

it('records sound as a file that models read, takes photos, and says why not', async () => {
  const refusing = await startBrowser([devices, '--use-fake-ui-for-media-stream=deny'])
  const refused = await refusing.newPage()
  await refused.goto(`${site.server.url}/test/inputs`)
  const before = fieldOf(refused, 'voice')
  await before.getByRole('button', { name: 'Record' }).click()
  await eventually(async () =>
    expect(await before.getByRole('alert').textContent()).toContain('does not let this page use'),
  )
  await refusing.close()

  const page = await site.open('/test/inputs', { permissions: ['microphone', 'camera'] })
  const voice = fieldOf(page, 'voice')
  await voice.getByRole('button', { name: 'Record' }).click()
  await voice.getByText(/Recording from “.+”/).waitFor()
  await eventually(async () => {
    expect(await voice.locator('.progress .mono').textContent()).toMatch(/^\d:\d\d$/)
    expect(await voice.locator('.progress .mono').textContent()).not.toBe('0:00')
    expect(await voice.locator('.wave path').getAttribute('d')).toMatch(/^M0 .*h-1z$/)
  })
  await expectAccessible(page)
  await voice.getByRole('button', { name: 'Stop' }).click()
  await voice.locator('.chosen audio').waitFor()
  await eventually(async () =>
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Remove'),
  )

  const image = fieldOf(page, 'image')
  await image.getByRole('button', { name: 'Take a photo' }).click()
  await eventually(async () =>
    expect(
      await image.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth),
    ).toBeGreaterThan(0),
  )
  await image.getByRole('button', { name: 'Take the photo' }).click()
  await eventually(async () =>
    expect(await image.locator('.chosen').textContent()).toMatch(/\.jpg \d+ × \d+/),
  )
  // Run ends what is still recording.
  const clip = fieldOf(page, 'clip')
  await clip.getByRole('button', { name: 'Record a video' }).click()
  await clip.getByText(/Recording from “.+”/).waitFor()

  const files = await sent(page)
  const [sound, photo, film] = ['wav', 'jpg', /mp4|webm/].map(
    (ending) => [...files].find(([name]) => name.split('.').at(-1)?.match(ending))?.[1],
  )
  expect(sound?.subarray(0, 4).toString()).toBe('RIFF')
  expect(sound?.readUInt32LE(24)).toBe(48_000)
  expect(sound?.length).toBeGreaterThan(48_000)
  expect((await sharp(photo).metadata()).format).toBe('jpeg')
  expect(film?.length).toBeGreaterThan(0)
  await page.context().close()
})

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
