import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { apiAt } from '../support/api-at.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idInAddress, recordOf } from '../support/prediction-id.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  quiet: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    const clip = Buffer.from('\\0\\0\\0\\x18ftypmp42\\0\\0\\0\\0mp42isom', 'latin1')
    export const quiet = defineModel({
      name: 'test/quiet',
      description: 'Says nothing until it is done.',
      input: z.object({
        ms: z.int().default(60000),
        num_outputs: z.int().default(3),
        ...Object.fromEntries(
          Array.from({ length: 6 }, (_, at) => ['note_' + at, z.string().default('').describe('One of many.')]),
        ),
      }),
      output: z.array(file()),
      copies: 8,
      async run({ ms }, ctx) {
        await wait(ms, undefined, { signal: ctx.signal })
        return [ctx.file(clip, { name: 'clip.mp4' })]
      },
    })`,
  fails: `
    import { defineModel, z } from 'sandpit/model'
    export const fails = defineModel({
      name: 'test/fails',
      description: 'Fails.',
      input: z.object({}),
      output: z.string(),
      run() {
        console.log('All is well')
        console.log('Error: the tide was too high')
        throw new Error('The tide was too high.')
      },
    })`,
  lines: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const lines = defineModel({
      name: 'test/lines',
      description: 'Writes line after line.',
      input: z.object({
        until: z.string().default('').describe('Goes on until this file is there.'),
        ...Object.fromEntries(
          Array.from({ length: 9 }, (_, at) => ['words_' + at, z.string().default('').describe('One of many.')]),
        ),
      }),
      output: z.string(),
      async *run({ until }, ctx) {
        for (let line = 0; line < 60 || (until && !existsSync(until)); line++) {
          yield 'line ' + line + '\\n'
          await wait(20, undefined, { signal: ctx.signal })
        }
      },
    })`,
})

const site = startSite({ environment: { SANDPIT_MODELS: models, TZ: 'UTC' } })

const runButton = (page: Page) => page.getByRole('button', { name: 'Run', exact: true })
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim())

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.waitForSelector('[data-status=canceled]')
  await page.context().close()
}

describe('the keyboard', () => {
  it('stays on Run while that is sent and after, and moves from Cancel to what came of it', async () => {
    const page = await site.open('/test/quiet')
    await runButton(page).focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('#prediction[aria-busy=true]')
    expect(await focused(page)).toBe('Run')
    await page.getByRole('button', { name: 'Cancel' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-status=canceled]')
    await eventually(async () => expect(await focused(page)).toBe('prediction-status'))
    await page.context().close()
  })

  it('moves on when the button it was on is gone with the end of the run', async () => {
    const page = await site.open('/test/quiet')
    await runButton(page).click()
    await page.getByRole('button', { name: 'Notify me' }).focus()
    await apiAt(site.server.url).cancel(idInAddress(page.url()))
    await page.waitForSelector('#prediction[aria-busy=false]')
    await eventually(async () => expect(await focused(page)).toBe('prediction-status'))
    await page.context().close()
  })
})

it('leads to the result on a phone and stays there while it grows', async () => {
  const page = await site.open('/test/lines', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  })
  const until = join(mkdtempSync(join(tmpdir(), 'sandpit-lines-')), 'enough')
  await page.locator('[name="input.until"]').last().fill(until)
  await runButton(page).click()
  await page.waitForSelector('#prediction .stream')
  const top = () => page.locator('#result').evaluate((result) => result.getBoundingClientRect().top)
  await eventually(async () => expect(await top()).toBeLessThan(60))
  writeFileSync(until, '')
  await page.waitForSelector('#prediction[aria-busy=false]')
  expect(await top()).toBeLessThan(60)
  expect(await top()).toBeGreaterThan(-60)
  await page.context().close()
})

it('says that a cold model is warm as soon as a run shows it', async () => {
  const page = await site.open('/test/fails')
  await page.goto(`${site.server.url}/test/lines`)
  const mark = page.locator('.model-head .warmth')
  await mark.evaluate((element: HTMLElement) => {
    element.dataset.state = 'booting'
    element.textContent = 'Booting'
  })
  await runButton(page).click()
  await page.waitForSelector('[data-status=succeeded]')
  await eventually(async () => expect(await mark.getAttribute('data-state')).toBe('warm'))
  expect(await mark.textContent()).toBe('Warm')
  expect(await page.locator('.run-bar [data-warmth]').textContent()).toBe('Warm')
  await page.context().close()
})

describe('a run that says nothing of how far it is', () => {
  it.each([true, false])('is no blank pane, scripts %s', async (javaScriptEnabled) => {
    const page = await site.open('/test/quiet', { javaScriptEnabled })
    await runButton(page).click()
    await page.waitForSelector('[data-status=processing]')
    expect(await page.locator('#progress').isVisible()).toBe(true)
    expect(await page.locator('.gallery .slot').count()).toBe(3)
    await cancel(page)
  })
})

it('makes the line of a log that says what failed stand out in forced colours', async () => {
  const page = await site.open('/test/fails', { forcedColors: 'active' })
  await runButton(page).click()
  await page.waitForSelector('.logs mark')
  const colours = await page
    .locator('.logs mark')
    .first()
    .evaluate((mark) => {
      const colour = (element: Element) => getComputedStyle(element).backgroundColor
      return { mark: colour(mark), log: colour(mark.closest('pre') ?? mark) }
    })
  expect(colours.mark).not.toBe(colours.log)
  await page.context().close()
})

it('says that the browser cannot play a file, and offers it', async () => {
  const page = await site.open('/test/quiet')
  await page.locator('[name="input.ms"]').last().fill('0')
  await runButton(page).click()
  const note = page.locator('.unplayable')
  await note.waitFor()
  expect(await note.textContent()).toContain('This browser cannot play clip.mp4 (video/mp4).')
  expect(await note.getByRole('link').getAttribute('download')).toBe('clip.mp4')
  await page.goto(page.url())
  await note.waitFor()
  await page.context().close()
})

describe('times', () => {
  async function made(): Promise<string> {
    const page = await site.open('/test/fails')
    await runButton(page).click()
    await page.waitForSelector('[data-status=failed]')
    const path = recordOf(page)
    await page.context().close()
    return path
  }

  it("are in the reader's own zone, days too", async () => {
    const path = await made()
    const page = await site.open(path, { timezoneId: 'Pacific/Kiritimati' })
    const time = page.locator('.page-head time')
    const moment = new Date((await time.getAttribute('datetime')) ?? '')
    const there = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'Pacific/Kiritimati',
    }).format(moment)
    expect(await time.textContent()).toBe(there)
    await page.goto(`${site.server.url}/predictions`)
    expect(await page.locator('.history h2').first().textContent()).toBe(there.split(' at ')[0])
    expect(await page.locator('.history time').first().textContent()).toMatch(/^\d\d:\d\d$/)
    await page.context().close()
  })

  it('name their zone without scripts', async () => {
    const path = await made()
    const page = await site.open(path, { javaScriptEnabled: false })
    expect(await page.locator('.page-head time').textContent()).toMatch(/ at \d\d:\d\d UTC$/)
    await page.goto(`${site.server.url}/predictions`)
    expect(await page.locator('.history time').first().textContent()).toMatch(/^\d\d:\d\d UTC$/)
    await page.context().close()
  })
})

it('says no more of a run than means something to whoever looks', async () => {
  const page = await site.open('/test/fails')
  await runButton(page).click()
  await page.waitForSelector('[data-status=failed]')
  const id = idInAddress(page.url())
  await page.goto(site.server.url + recordOf(page))
  expect(await page.getByText('Attempt', { exact: true }).count()).toBe(0)
  expect(((await page.locator('main').textContent()) ?? '').split(id)).toHaveLength(2)
  const version = page.locator('.given').getByRole('link').first()
  expect(
    ((await page.locator('main').textContent()) ?? '').split((await version.textContent()) ?? ''),
  ).toHaveLength(2)
  await version.click()
  expect(await page.locator('h2').first().textContent()).toBe('Version')
  await page.context().close()
})
