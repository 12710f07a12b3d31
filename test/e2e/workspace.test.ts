import { delimiter } from 'node:path'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  says: `
    import { defineModel, z } from 'sandpit/model'
    export const says = defineModel({
      name: 'test/says',
      description: 'Says something.',
      input: z.object({
        text: z.string().default('nothing'),
        times: z.number().int().min(1).max(5).default(1),
        loud: z.boolean().default(true),
        key: z.string().meta({ 'x-cog-secret': true }).optional(),
      }),
      output: z.string(),
      run: ({ text, times }) => text.repeat(times),
    })`,
})

const later = writeModels({
  later: `
    import { setTimeout } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const later = defineModel({
      name: 'test/later',
      description: 'Says something after a second.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      async run({ text }, { signal }) {
        await setTimeout(1_000, undefined, { signal })
        return text
      },
    })`,
})

const site = startSite({ environment: { SANDPIT_MODELS: [models, later].join(delimiter) } })

const text = (page: Page) => page.locator('#input-text')
const restored = (page: Page) => page.locator('#restored')
const changed = (page: Page) => page.locator('#inputs-changed')
const run = async (page: Page, said: string) => {
  await text(page).fill(said)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForSelector(`#prediction[aria-busy=false]:has-text("${said}")`)
}

it('draws form and result again on Back, Forward and reload', async () => {
  const page = await site.open('/test/says')
  await run(page, 'first')
  const first = page.url()
  expect(first).toContain('/test/says?prediction=')
  await run(page, 'second')
  const second = page.url()
  const shows = async (said: string) => {
    await page.waitForSelector(`#prediction:has-text("${said}")`)
    // Its scripts, which draw the page anew on Back and Forward, are loaded after its content.
    await page.waitForLoadState()
    expect(await text(page).inputValue()).toBe(said)
    expect(await page.locator('.strip [aria-current]').getAttribute('href')).toBe(
      new URL(page.url()).pathname + new URL(page.url()).search,
    )
  }
  await page.goBack()
  expect(page.url()).toBe(first)
  await shows('first')
  await page.goForward()
  expect(page.url()).toBe(second)
  await shows('second')
  await page.reload()
  await shows('second')
  expect(await restored(page).isVisible()).toBe(false)
  await page.context().close()
})

it('replaces each part of the page that a run changes', async () => {
  const page = await site.open('/test/says')
  const key = () => page.locator('#form-key').inputValue()
  const keys = [await key()]
  for (const said of ['one', 'two']) {
    await run(page, said)
    const id = new URL(page.url()).searchParams.get('prediction')
    expect(await page.locator('#beside').inputValue()).toBe(id)
    expect(await page.locator('#api-tab').getAttribute('href')).toContain(`?from=${id}`)
    keys.push(await key())
  }
  expect(new Set(keys).size).toBe(3)
  expect(await page.locator('#prediction-form .strip .thumb').count()).toBe(3)
  for (const part of ['result', 'form-key', 'beside', 'last-runs', 'api-tab'])
    expect(await page.locator(`[id="${part}"]`).count(), part).toBe(1)
  await page.context().close()
})

it('shows a run among the last ones as it ended, without a reload', async () => {
  const page = await site.open('/test/later')
  await run(page, 'in the end')
  await page.locator('#last-runs [aria-current][aria-label^=Succeeded]:has-text("¶")').waitFor()
  expect(await page.locator('#last-runs').count()).toBe(1)
  await page.context().close()
})

it('says that the connection was lost when only the head of the answer arrives', async () => {
  const page = await site.open('/test/says')
  await page.evaluate(() => {
    Response.prototype.text = () => Promise.reject(new TypeError('The connection was closed'))
  })
  await text(page).fill('unheard')
  const button = page.getByRole('button', { name: 'Run', exact: true })
  await button.click()
  await page.locator('.unsent').waitFor()
  expect(await page.locator('.unsent').textContent()).toContain('the connection was lost')
  expect(await text(page).inputValue()).toBe('unheard')
  await eventually(async () => expect(await button.getAttribute('aria-disabled')).toBeNull())
  await page.context().close()
})

it('keeps what was typed and not run through a reload, and no secret', async () => {
  const page = await site.open('/test/says')
  await text(page).fill('half a thought')
  await page.locator('#input-times').fill('4')
  await page.locator('input[type=checkbox][name="input.loud"]').uncheck()
  await page.locator('#input-key').fill('hunter2')
  await page.reload()
  await restored(page).waitFor()
  expect(await text(page).inputValue()).toBe('half a thought')
  expect(await page.locator('#input-times').inputValue()).toBe('4')
  expect(await page.locator('.ranged input[type=range]').first().inputValue()).toBe('4')
  expect(await page.locator('input[type=checkbox][name="input.loud"]').isChecked()).toBe(false)
  expect(await page.locator('#input-key').inputValue()).toBe('')
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('hunter2')
  await page.getByRole('button', { name: 'Discard' }).click()
  await eventually(async () => expect(await text(page).inputValue()).toBe('nothing'))
  await page.reload()
  expect(await text(page).inputValue()).toBe('nothing')
  expect(await restored(page).isVisible()).toBe(false)
  await page.context().close()
})

it('names the inputs that differ from those of the result, and puts them back', async () => {
  const page = await site.open('/test/says')
  await run(page, 'as it was')
  expect(await changed(page).isVisible()).toBe(false)
  await text(page).fill('another')
  await page.locator('#input-times').fill('3')
  await changed(page).waitFor()
  await eventually(async () =>
    expect(await changed(page).textContent()).toContain(
      'Inputs changed since this run: text, times',
    ),
  )
  await page.reload()
  await changed(page).waitFor()
  expect(await text(page).inputValue()).toBe('another')
  await page.getByRole('button', { name: 'Put them back' }).click()
  await eventually(async () => expect(await text(page).inputValue()).toBe('as it was'))
  expect(await changed(page).isVisible()).toBe(false)
  await run(page, 'once more')
  expect(await changed(page).isVisible()).toBe(false)
  await page.context().close()
})

it('leaves nothing empty below a result on a phone, and Run in reach', async () => {
  const page = await site.open('/test/says', { viewport: { width: 390, height: 844 } })
  await run(page, 'short')
  // Run scrolls there once it is drawn.
  await eventually(async () =>
    expect(
      await page.locator('#result').evaluate((element) => {
        const { top } = element.getBoundingClientRect()
        return top < innerHeight
      }),
    ).toBe(true),
  )
  const left = await page.evaluate(() => {
    const foot = document.querySelector('.site-foot')?.getBoundingClientRect().top ?? 0
    const end = document.querySelector('#prediction')?.getBoundingClientRect().bottom ?? 0
    return foot - end
  })
  expect(left).toBeLessThan(160)
  await page.context().close()
})
