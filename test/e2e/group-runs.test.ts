import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

/** While this file is there, even numbers fail, and odd ones do not end. */
const fault = join(tmpdir(), `sandpit-fault-${process.pid}`)

const models = writeModels({
  cells: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const cells = defineModel({
      name: 'test/cells',
      description: 'Gives back a number, unless there is a fault.',
      input: z.object({ number: z.int(), medium: z.enum(['ink', 'oil']).default('ink') }),
      output: z.string(),
      copies: 8,
      async run({ number, medium }, { signal }) {
        if (existsSync(${JSON.stringify(fault)})) {
          if (number % 2 === 0) throw new Error('It has a fault.')
          await wait(600_000, undefined, { signal })
        }
        return medium + ' ' + number
      },
    })`,
})
const site = startSite({ environment: { SANDPIT_MODELS: models } })

beforeEach(() => writeFileSync(fault, ''))
afterAll(() => rmSync(fault, { force: true }))

/** A grid of numbers down, and media across. */
async function openGrid(javaScriptEnabled: boolean): Promise<Page> {
  const sweep = 'axis=number&values.number=1:4&axis=medium&values.medium=ink&values.medium=oil'
  const page = await site.open(`/test/cells/sweep?${sweep}`, { javaScriptEnabled })
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.waitForURL('**/g/*')
  return page
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_name, javaScriptEnabled) => {
  it('cancels a column, runs a cell and then all of it again, and shows what differs', async () => {
    const page = await openGrid(javaScriptEnabled)
    const cancel = page.getByRole('button', { name: 'Cancel all of medium oil' })
    const status = page.locator('#group > [role=status]').first()
    const isDone = (done: string) =>
      eventually(async () => expect(await status.textContent()).toContain(done))
    await isDone('4 of 8 done')
    await cancel.click()
    await isDone('6 of 8 done')
    await page.getByRole('button', { name: 'Cancel: number 1, medium ink' }).click()
    await page.getByRole('button', { name: 'Cancel: number 3, medium ink' }).click()
    await isDone('8 of 8 done')
    expect(existsSync(fault)).toBe(true)
    rmSync(fault)
    const cell = page.getByRole('link', { name: 'number 2, medium ink' })
    const failed = await cell.getAttribute('href')
    await page.getByRole('button', { name: 'Run again: number 2, medium ink' }).click()
    await eventually(async () => expect(await cell.textContent()).toBe('ink 2'))
    expect(await cell.getAttribute('href')).not.toBe(failed)
    await page.getByRole('button', { name: 'Run the 7 failed runs again' }).click()
    await eventually(async () => expect(await page.locator('.sweep td a p').count()).toBe(8))
    await isDone('8 of 8 done')
    await eventually(async () =>
      expect(await page.getByRole('button', { name: /again/ }).count()).toBe(0),
    )

    await page.getByRole('checkbox', { name: 'Select number 1, medium ink' }).check()
    await page.getByRole('checkbox', { name: 'Select number 1, medium oil' }).check()
    await page.getByRole('button', { name: 'What differs' }).click()
    await page.waitForURL('**/p/*/diff/*')
    expect(await page.locator('main').textContent()).toContain('medium')

    const before = await page.goto(new URL(failed ?? '', page.url()).href)
    expect(before?.status()).toBe(200)
    expect(await page.locator('main').textContent()).toContain('It has a fault.')
    expect(await page.getByRole('link', { name: 'Its sweep' }).count()).toBe(1)
    await page.context().close()
  })
})
