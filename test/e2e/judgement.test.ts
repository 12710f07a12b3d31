import { expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const talker = (name: string) => `
    import { defineModel, file, z } from 'sandpit/model'
    export const ${name} = defineModel({
      name: 'test/${name}', description: 'Says ${name === 'lark' ? 'good morning' : 'good night'}.',
      input: z.object({ text: z.string() }),
      output: z.object({ said: z.string(), sound: file() }),
      run: ({ text }, ctx) => ({
        said: text,
        sound: ctx.file(Buffer.from('a,b\\n1,2\\n'), { name: '${name}-of-test.csv' }),
      }),
    })`
const models = writeModels({ lark: talker('lark'), owl: talker('owl') })
const site = startSite({ environment: { SANDPIT_MODELS: models } })

it.each([true, false])(
  'judges a run, changes it, and takes it back, with scripts: %s',
  async (scripts) => {
    const page = await site.open('/test/lark?input.text=hi', { javaScriptEnabled: scripts })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('#prediction .prediction-id a').click()
    await page.locator('[data-status=succeeded]').first().waitFor()
    await page.reload()
    const button = (name: string, pressed: boolean) => page.getByRole('button', { name, pressed })
    await button('Good', false).click()
    await button('Good', true).waitFor()
    const note = page.getByLabel('Note', { exact: true })
    await page.getByText('Note', { exact: true }).first().click()
    await note.fill('Clear.\nAnd short.')
    // With scripts, the page stays: its answer is what says that the note is kept.
    const saved = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Save note' }).click()
    await (await saved).finished()
    await eventually(async () => expect(await note.inputValue()).toBe('Clear.\nAnd short.'))
    await button('Good', true).waitFor()
    await button('Bad', false).click()
    await button('Bad', true).waitFor()
    // What changes the verdict keeps the note.
    expect(await note.inputValue()).toBe('Clear.\nAnd short.')
    if (scripts) await expectAccessible(page)
    await note.fill('')
    await button('Bad', true).click()
    await button('Bad', false).waitFor()
    expect(await button('Good', false).count()).toBe(1)
    await page.context().close()
  },
)

it.each([true, false])(
  'chooses blindly, and is then told what made each, with scripts: %s',
  async (scripts) => {
    const page = await site.open('/compare?models=test/lark,test/owl', {
      javaScriptEnabled: scripts,
    })
    await page.getByLabel('text').first().fill('hello')
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.waitForURL('**/compare?group=*')
    const group = new URL(page.url()).searchParams.get('group')
    await page.goto(`${site.server.url}/g/${group}`)
    await page.locator('#group[aria-busy=false]').waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'Which is better?' }).click()
    await page.getByText('0 of 1 pairs').waitFor()
    const main = page.locator('main form')
    await main.getByText('file-1.csv').first().waitFor()
    expect(await main.innerHTML()).not.toMatch(/lark|owl/)
    if (scripts) await expectAccessible(page)
    const left = (await page.locator('input[name=left]').getAttribute('value')) ?? ''
    await page.getByRole('button', { name: 'Left' }).click()
    await page.getByText('1 of 1 pairs').waitFor()
    const [best, rest] = await page.locator('.given > div').allTextContents()
    expect(best).toMatch(/test\/(?:lark|owl).*1 of 1 won, 100 %.*best/)
    expect(rest).toMatch(/test\/(?:lark|owl).*0 of 1 won, 0 %/)
    expect(await page.locator('.given a').first().getAttribute('href')).toBe(`/p/${left}`)
    const winner = best?.match(/test\/(?:lark|owl)/)?.[0] ?? ''
    await page.goto(`${site.server.url}/${winner}`)
    await page.getByRole('link', { name: /^won / }).click()
    await page.getByRole('heading', { name: winner }).waitFor()
    await page.context().close()
  },
)

it.each([true, false])(
  'judges the cells of a group in their places, with scripts: %s',
  async (scripts) => {
    const page = await site.open('/test/lark/sweep?axis=text&values.text=hi&values.text=ho', {
      javaScriptEnabled: scripts,
    })
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.waitForURL('**/g/*')
    await page.locator('#group[aria-busy=false]').waitFor()
    const here = page.url()
    const button = (name: string, pressed: boolean) => page.getByRole('button', { name, pressed })
    const grid = await page.locator('.sweep').elementHandle()
    await button('Good: text hi', false).click()
    await button('Good: text hi', true).waitFor()
    await button('Bad: text ho', false).click()
    await button('Bad: text ho', true).waitFor()
    await button('Good: text hi', true).click()
    await button('Good: text hi', false).waitFor()
    expect(await button('Bad: text ho', true).count()).toBe(1)
    expect(page.url()).toBe(here)
    // With scripts, the grid is the same element, and the pressed button keeps the focus.
    expect(await grid?.evaluate((element) => element.isConnected).catch(() => false)).toBe(scripts)
    if (scripts) {
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
        'Good: text hi',
      )
      await expectAccessible(page)
    }
    await page.reload()
    await button('Bad: text ho', true).waitFor()
    await page.context().close()
  },
)
