import { expect, it, onTestFinished } from 'vitest'
import { upstreamWith } from '../providers/openai/support/asking.ts'
import { keptStream } from '../providers/openai/support/kept-stream.ts'
import { startBrowser } from '../support/browser.ts'
import { startServer } from '../support/server.ts'

const panel = '#prediction'

it('takes a page along when the server is killed while a chat streams', async () => {
  const kept = keptStream(100, 60)
  const upstream = await upstreamWith(kept.routes)
  const environment = { OPENAI_MODELS: `ann/chat=${upstream.url}` }
  const first = await startServer({ environment })
  const browser = await startBrowser()
  onTestFinished(() => browser.close())
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${first.url}/ann/chat`)
  await page.locator('[name="input.prompt"]').fill('Count')
  await page.locator('#prediction-form .run').click()
  await page.locator(`${panel} .stream`, { hasText: '5 6' }).waitFor()

  await first.stop('SIGKILL')
  const second = await startServer({
    data: first.data,
    environment: { ...environment, PORT: String(first.port) },
  })
  onTestFinished(async () => void (await second.stop('SIGKILL')))

  await page.waitForSelector(`${panel}[aria-busy=false]`, { timeout: 60_000 })
  expect(await page.locator(`${panel} .stream`).textContent()).toBe(kept.whole)
  expect(await page.locator(`${panel} .failure`).count()).toBe(0)
  expect(upstream.asks('POST /v1/chat/completions')).toHaveLength(1)
})
