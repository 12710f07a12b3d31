import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answering,
  replaying,
  startUpstream,
  streaming,
  type Upstream,
} from '../providers/openai/support/upstream.ts'
import { eventually } from '../providers/support/eventually.ts'
import { recordOf } from '../support/prediction-id.ts'
import { startSite } from '../support/site.ts'
import { bytesOf, recorded } from '../support/transcripts.ts'

/** The recorded answer, whose second half is sent once the page has shown the first. */
const isShown = Promise.withResolvers<void>()
const inHalves: Answering = async (_asked, response) => {
  const { chunks } = recorded('llama', 'chat-stream-usage').response
  const all = (chunks ?? []).map(bytesOf)
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const half = Math.floor(all.length / 2)
  for (const bytes of all.slice(0, half)) response.write(bytes)
  await isShown.promise
  for (const bytes of all.slice(half)) response.write(bytes)
  response.end()
}

let hungUp = 0
const endless = streaming(async ({ text, work, signal }) => {
  while (!signal.aborted) {
    text('on and ')
    await work(20)
  }
  hungUp++
})

/** The last message decides which recording answers. */
const answers: Readonly<Record<string, Answering>> = {
  'the cat sat': inHalves,
  'think first': replaying('llama', 'chat-stream-reasoning'),
  'for ever': endless,
  'a long question': replaying('llama', 'chat-stream-overflow'),
  'a picture': replaying('llama', 'chat-image-refused'),
  'be killed': replaying('llama', 'chat-stream-server-killed'),
}

function questionIn(body: { readonly messages?: unknown }): string {
  const text = JSON.stringify(body.messages ?? '')
  return Object.keys(answers).find((question) => text.includes(question)) ?? ''
}

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream({
    'GET /v1/models': replaying('llama', 'router-models-loaded'),
    'GET /props': replaying('llama', 'router-props'),
    'POST /v1/chat/completions': async (asked, response) =>
      void (await answers[questionIn(asked.body)]?.(asked, response)),
  })
})
afterAll(() => upstream.close())

const site = startSite()
const panel = '#prediction'

/** Adds the model `think` of the server, again if it is there, and so comes to its page. */
async function openModel(): Promise<Page> {
  const page = await site.open('/models/new')
  await page.locator('#where').fill(`${upstream.url}/v1`)
  await page.locator('#look button').click()
  await page.locator('input[name="take"][value="broken"]').uncheck()
  await page.locator('input[name="take"][value="tiny"]').uncheck()
  await page.locator('input[name="name-think"]').fill('ann/think')
  await page.locator('#save-model button[type=submit]').click()
  await page.waitForURL(`${site.server.url}/ann/think`)
  return page
}

async function ask(page: Page, inputs: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(inputs)) {
    const field = page.locator(`[name="input.${name}"]`).last()
    if (!(await field.isVisible())) await page.getByText('More options').click()
    await field.fill(value)
  }
  await page.locator('#prediction-form .run').click()
}

const ended = (page: Page) => page.waitForSelector(`${panel}[aria-busy=false]`)

describe('a llama.cpp server in the browser', () => {
  it('is found by its address, and one of its models is chosen and asked', async () => {
    const page = await openModel()
    await ask(page, { prompt: 'the cat sat' })
    await page.waitForSelector(`${panel}[aria-busy=true] .stream`)
    const early = (await page.locator(`${panel} .stream`).textContent()) ?? ''
    isShown.resolve()
    await ended(page)
    const whole = await page.locator(`${panel} .stream`).textContent()
    expect(whole).toBe('rbp,ojp theo\ufffdo the')
    expect(whole).toContain(early)
    expect(early.length).toBeLessThan(whole?.length ?? 0)
    const id = recordOf(page).split('/').at(-1)
    const made = await (await fetch(`${site.server.url}/v1/predictions/${id}`)).json()
    expect(made.metrics).toMatchObject({ input_token_count: 44, output_token_count: 12 })
    const [asked] = upstream.asks('POST /v1/chat/completions')
    expect(asked?.body).toMatchObject({ model: 'think', stream: true })
    await page.context().close()
  })

  it('shows its reasoning apart from the answer', async () => {
    const page = await openModel()
    await ask(page, { prompt: 'think first' })
    await ended(page)
    const logs = page.locator(`${panel} details.logs`)
    expect(await logs.textContent()).toContain('puppjz')
    expect(await logs.locator('summary').textContent()).toMatch(/^Reasoned/)
    expect(await page.locator(`${panel} .stream`).count()).toBe(0)
    const end = 'No answer: its reasoning stopped at the limit of 8 tokens.'
    expect(await page.locator(panel).textContent()).toContain(end)
    await page.reload()
    expect(await logs.locator('summary').textContent()).toMatch(/^Reasoned/)
    await page.context().close()
  })

  it('stops working when its answer is canceled', async () => {
    const page = await openModel()
    await ask(page, { prompt: 'for ever' })
    await page.locator(`${panel} .stream`, { hasText: 'on and on and' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('[data-status=canceled]')
    await eventually(() => hungUp === 1)
    expect(await page.locator(`${panel} .stream`).textContent()).toContain('on and on and')
    await page.context().close()
  })

  it('refuses a picture, and says that the model takes none', async () => {
    const page = await openModel()
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }
    const content = [{ type: 'text', text: 'a picture' }, picture]
    await ask(page, { messages: JSON.stringify([{ role: 'user', content }]) })
    await ended(page)
    expect(await page.locator(`${panel} .failure`).textContent()).toContain(
      'This model takes no pictures.',
    )
    await page.context().close()
  })

  it('says how long a question is that does not fit, and how much does', async () => {
    const page = await openModel()
    await ask(page, { prompt: 'a long question' })
    await ended(page)
    expect(await page.locator(`${panel} .failure`).textContent()).toMatch(
      /This is [\d,]+ tokens, and the model takes 512/,
    )
    await page.context().close()
  })

  it('keeps what it had said when its process is killed', async () => {
    const page = await openModel()
    await ask(page, { prompt: 'be killed' })
    await ended(page)
    expect(await page.locator(`${panel} .failure`).textContent()).toContain(
      'Its server stopped in the middle of the answer.',
    )
    expect(await page.locator(`${panel} .stream`).textContent()).not.toBe('')
    await page.context().close()
  })
})
