import { afterAll, expect, it } from 'vitest'
import { imageId } from '../engine/support.ts'
import { hello } from '../providers/support/cog-models.ts'
import { eventually } from '../providers/support/eventually.ts'
import type { ScriptedImage } from '../support/containers/scripted-container.ts'
import { type ScriptedEngine, startScriptedEngine } from '../support/containers/scripted-engine.ts'
import { startSite } from '../support/site.ts'

const images = ['b', 'c'].map(
  (digit): ScriptedImage => ({
    name: `localhost/models/plain:${digit}`,
    id: imageId(digit),
    model: hello,
    booting: true,
    writes: ['Loading weights: 40 %'],
  }),
)

let engine: ScriptedEngine
const site = startSite(async () => {
  engine = await startScriptedEngine({ images })
  return { environment: { SANDPIT_ENGINE: engine.url } }
})
afterAll(() => engine?.close())

it.each([
  ['looks again by itself', true, images[0]],
  ['looks again by its button, without JavaScript', false, images[1]],
] as const)('the page of an image that is asked %s', async (_, javaScriptEnabled, image) => {
  const page = await site.open('/models/new', { javaScriptEnabled })
  await page.locator('#where').fill(image?.name ?? '')
  await page.locator('#look button').click()
  await page.getByRole('button', { name: 'Start it once and ask it' }).click()
  const again = page.getByRole('button', { name: 'Look again' })
  await again.waitFor()
  const container = () => engine.containers().find((one) => one.state().status === 'running')
  await eventually(() => container() !== undefined)
  if (javaScriptEnabled) await page.getByText('Loading weights: 40 %').waitFor()
  container()?.server().become('READY')
  const save = page.getByRole('button', { name: 'Save' })
  if (javaScriptEnabled) await save.waitFor()
  else
    await eventually(async () => {
      if (await again.isVisible()) await again.click()
      return save.isVisible()
    })
  await page.locator('#name').fill(`ann/plain-${javaScriptEnabled}`)
  await save.click()
  await page.waitForURL(`${site.server.url}/ann/plain-${javaScriptEnabled}`)
  expect(await page.locator('[name="input.name"]').count()).toBe(1)
})
