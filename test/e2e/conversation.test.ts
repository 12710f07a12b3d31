import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { writeChatModel } from '../support/chat-model.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/run-folder.ts'
import { startSite } from '../support/site.ts'

const site = startSite({ environment: { SANDPIT_MODELS: writeChatModel() } })

/** Asks the first question. What it resolves with lets so many questions be answered to the end. */
async function ask(page: Page): Promise<(count: number) => void> {
  const gate = join(temporaryFolder('sandpit-chat-'), 'gate')
  await page.locator('#input-prompt').fill('One')
  await page.locator('#input-gate').fill(gate)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  return (count) => writeFileSync(gate, String(count))
}

const goOn = (page: Page) => page.getByRole('button', { name: 'Continue' })
const answer = (page: Page, said: string) =>
  page.locator(`#prediction[aria-busy=false]:has-text("${said}")`)

it('goes on from an answer as soon as it is there', async () => {
  const page = await site.open('/test/chat')
  const answerUpTo = await ask(page)
  await page.locator('#prediction[aria-busy=true]').waitFor()
  expect(await goOn(page).isDisabled()).toBe(true)
  await page.locator('#turn-prompt').fill('Two')
  await page.locator('#turn-prompt').press('Enter')
  answerUpTo(3)
  await page.waitForSelector('#next-turn .run')
  expect(await page.locator('#turn-prompt').inputValue()).toBe('Two')
  await goOn(page).click()
  await answer(page, 'after 2 messages').waitFor()
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('turn-prompt'),
  )
  await page.keyboard.type('Th')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('ree')
  expect(await page.locator('#turn-prompt').inputValue()).toBe('Th\nree')
  await page.waitForSelector('#next-turn .run')
  await page.keyboard.press('Enter')
  await answer(page, 'after 4 messages').waitFor()
  expect(await page.locator('#result h3').allTextContents()).toEqual([
    'You',
    'test/chat',
    'You',
    'test/chat',
    'You',
  ])
  expect(await page.getByRole('link', { name: 'Tweak' }).isVisible()).toBe(false)
  await page.context().close()
})

it('keeps the next question in view and in focus, and opens the form of an earlier one', async () => {
  const page = await site.open('/test/chat')
  await page.setViewportSize({ width: 390, height: 844 })
  const answerUpTo = await ask(page)
  await page.locator('#prediction[aria-busy=true] .stream').waitFor()
  answerUpTo(1)
  await page.waitForSelector('#next-turn .run')
  await page.locator('#turn-prompt').fill('Two')
  await page.locator('#turn-prompt').press('Enter')
  await page.locator('#prediction[aria-busy=true] .stream', { hasText: 'Two' }).waitFor()
  answerUpTo(2)
  await answer(page, 'after 2 messages').waitFor()
  await page.waitForSelector('#next-turn .run')
  const below = await page.evaluate(
    () =>
      Number(document.querySelector('#next-turn')?.getBoundingClientRect().bottom) - innerHeight,
  )
  expect(below).toBeLessThanOrEqual(1)
  await page.locator('#result').getByRole('link', { name: 'Edit' }).first().click()
  await page.waitForSelector('#input-prompt:focus')
  expect(await page.locator('#input-prompt').inputValue()).toBe('One')
  await page.context().close()
})

it('works without scripts', async () => {
  const page = await site.open('/test/chat', { javaScriptEnabled: false })
  await page.locator('#input-prompt').fill('One')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await goOn(page).waitFor()
  await page.locator('#turn-prompt').fill('Two')
  await goOn(page).click()
  await answer(page, 'after 2 messages').waitFor()
  await page.context().close()
})
