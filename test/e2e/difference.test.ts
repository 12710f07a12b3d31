import type { Page } from 'playwright'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { expectDrawn } from '../support/drawn.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

/** A PNG that is wholly of one grey, in base64. */
async function picture(grey: number): Promise<string> {
  const background = { r: grey, g: grey, b: grey }
  const create = { width: 90, height: 60, channels: 3, background } as const
  return (await sharp({ create }).png().toBuffer()).toString('base64')
}

const pictures = { black: await picture(0), gray: await picture(128) }

const models = writeModels({
  maker: `
    import { defineModel, z } from 'sandpit/model'
    const made = {
      text: ({ word }) => 'The ' + word + ' fox.',
      values: ({ word }) => ({ same: 1, rows: [{ name: word }] }),
      table: ({ word }) => [{ name: 'a', is: word }, { name: 'b', is: 'kept' }],
      long: ({ word }) => 'The fox sleeps. '.repeat(90_000) + word,
      fault: ({ word }) => { throw new Error('No ' + word + '.') },
    }
    export const maker = defineModel({
      name: 'test/maker', description: 'Makes a thing of a kind.',
      input: z.object({
        kind: z.enum(['text', 'values', 'table', 'long', 'fault']),
        word: z.string(),
      }),
      output: z.any(),
      run: (input) => made[input.kind](input),
    })`,
  painter: `
    import { defineModel, file, z } from 'sandpit/model'
    const pictures = ${JSON.stringify(pictures)}
    export const painter = defineModel({
      name: 'test/painter', description: 'Paints a picture of one grey.',
      input: z.object({ grey: z.string() }), output: file(),
      run: ({ grey }, ctx) => ctx.file(Buffer.from(pictures[grey], 'base64'), { name: grey + '.png' }),
    })`,
  other: `
    import { defineModel, z } from 'sandpit/model'
    export const other = defineModel({
      name: 'test/other', description: 'Makes another text.',
      input: z.object({ word: z.string() }), output: z.string(),
      run: ({ word }) => 'A ' + word + ' hen.',
    })`,
})
const site = startSite({ environment: { SANDPIT_MODELS: models } })

/** Runs a model with the inputs of a link. Resolves with the id of the prediction. */
async function run(page: Page, address: string): Promise<string> {
  await page.goto(site.server.url + address)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const link = page.locator('#prediction .prediction-id a')
  await link.waitFor()
  const id = (await link.getAttribute('href'))?.split('/').at(-1) ?? ''
  await page.goto(`${site.server.url}/p/${id}`)
  await page.locator('[data-status=succeeded], [data-status=failed]').first().waitFor()
  return id
}

const maker = (kind: string, word: string) => `/test/maker?input.kind=${kind}&input.word=${word}`

async function open(page: Page, before: string, after: string): Promise<void> {
  await page.goto(`${site.server.url}/p/${before}/diff/${after}`)
  await page.getByRole('heading', { name: 'Inputs that differ' }).waitFor()
}

const marked = (page: Page, within: string) =>
  page.locator(`${within} :is(del, ins)`).allTextContents()

it.each([true, false])('compares a run with its tweak, with scripts: %s', async (scripts) => {
  const page = await site.open('/', { javaScriptEnabled: scripts })
  await run(page, maker('text', 'red'))
  await page.getByRole('link', { name: /^Tweak/ }).click()
  await page.getByRole('textbox', { name: 'word' }).fill('grey')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('The grey fox.').first().waitFor()
  await page.locator('#prediction .prediction-id a').click()
  await page.getByRole('link', { name: 'What differs from the run before' }).click()
  await page.getByRole('heading', { name: 'Inputs that differ' }).waitFor()
  expect(await marked(page, '.inputs')).toEqual(['red', 'grey'])
  expect(await marked(page, '.result .text')).toEqual(['red', 'grey'])
  await page.getByText('1 of 2').waitFor()
  if (scripts) await expectAccessible(page)
  await page.getByRole('link', { name: 'Swap' }).click()
  await eventually(async () => expect(await marked(page, '.inputs')).toEqual(['grey', 'red']))
  await page.context().close()
})

it.each([true, false])('compares pictures, with scripts: %s', async (scripts) => {
  const page = await site.open('/', { javaScriptEnabled: scripts })
  const [before, after] = [
    await run(page, '/test/painter?input.grey=black'),
    await run(page, '/test/painter?input.grey=gray'),
  ]
  await open(page, before, after)
  expect(await page.locator('.ab img').count()).toBe(2)
  // Where scripts run, a control moves the edge between the two.
  expect(await page.locator('input[type=range]').isVisible()).toBe(scripts)
  await page.getByText('100.0 %').waitFor()
  await page.getByRole('link', { name: 'Beside', exact: true }).click()
  await eventually(async () => expect(await page.locator('.ab').count()).toBe(0))
  await eventually(async () => expect(await page.locator('.result .gallery img').count()).toBe(2))
  await page.getByRole('link', { name: 'Difference', exact: true }).click()
  const drawn = page.getByAltText(/in white$/)
  await expectDrawn(drawn, 90)
  await page.context().close()
})

it.each([true, false])('names values by path, with scripts: %s', async (scripts) => {
  const page = await site.open('/', { javaScriptEnabled: scripts })
  const pathsOf = () => page.locator('.result td code').allTextContents()
  const values = [await run(page, maker('values', 'a')), await run(page, maker('values', 'b'))]
  await open(page, values[0] ?? '', values[1] ?? '')
  expect(await pathsOf()).toContain('output.rows[0].name')
  expect(await pathsOf()).not.toContain('output.same')
  const table = [await run(page, maker('table', 'x')), await run(page, maker('table', 'y'))]
  await open(page, table[0] ?? '', table[1] ?? '')
  expect(await pathsOf()).toContain('output[0].is')
  await page.context().close()
})

it.each([true, false])(
  'compares different models, and a failed run, with scripts: %s',
  async (scripts) => {
    const page = await site.open('/', { javaScriptEnabled: scripts })
    const before = await run(page, maker('text', 'red'))
    const other = await run(page, '/test/other?input.word=red')
    await open(page, before, other)
    const facts = page.locator('.page-head')
    expect(await facts.textContent()).toMatch(/test\/maker.* → .*test\/other/s)
    expect(await marked(page, '.result .text')).toEqual(['The', 'A', 'fox.', 'hen.'])
    await page.getByText('not there').first().waitFor()
    const failed = await run(page, maker('fault', 'luck'))
    await open(page, before, failed)
    expect(await facts.textContent()).toContain('Failed')
    await page.getByRole('heading', { name: 'No luck.' }).waitFor()
    await page.context().close()
  },
)

it.each([true, false])(
  'says that it compares a part of large outputs, with scripts: %s',
  async (scripts) => {
    const page = await site.open('/', { javaScriptEnabled: scripts })
    const [before, after] = [
      await run(page, maker('long', 'red')),
      await run(page, maker('long', 'grey')),
    ]
    await open(page, before, after)
    await page.getByText('Only a part of these long texts is compared.').waitFor()
    await page.getByText('Nothing differs in what was compared.').waitFor()
    expect((await page.content()).length).toBeLessThan(100_000)
    await page.context().close()
  },
)
