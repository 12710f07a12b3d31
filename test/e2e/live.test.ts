import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { apiAt } from '../support/api-at.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idInAddress, recordOf } from '../support/prediction-id.ts'
import { temporaryFolder } from '../support/run-folder.ts'
import { startServer } from '../support/server.ts'
import { startSite } from '../support/site.ts'

/** A model that does as it is told through files: it writes what is asked for, when it is asked for. */
const models = writeModels({
  paced: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const paced = defineModel({
      name: 'test/paced',
      description: 'Says one word after the other, until there is a file, or to the last word.',
      input: z.object({
        words: z.int().min(1).max(10000).default(5),
        ms: z.int().min(0).max(60000).default(100),
        note: z.string().default('none'),
        file: z.string().default(''),
      }),
      output: z.string(),
      copies: 8,
      async *run({ words, ms, file }, ctx) {
        for (let word = 1; word <= words && !(file && existsSync(file)); word++) {
          ctx.progress({ fraction: (word - 1) / words, label: 'word ' + word })
          ctx.log('log ' + word)
          yield 'word' + word + ' '
          await wait(ms, undefined, { signal: ctx.signal })
        }
        yield 'end'
      },
    })`,
  gate: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const gate = defineModel({
      name: 'test/gate',
      description: 'Begins, and ends when a file is there.',
      input: z.object({ file: z.string() }),
      output: z.string(),
      async *run({ file }) {
        yield 'begin '
        while (!existsSync(file)) await wait(20)
        yield 'end'
      },
    })`,
  sound: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, file, z } from 'sandpit/model'
    function silence(seconds) {
      const samples = Buffer.alloc(8000 * seconds * 2)
      const head = Buffer.alloc(44)
      head.write('RIFF', 0)
      head.writeUInt32LE(36 + samples.length, 4)
      head.write('WAVEfmt ', 8)
      head.writeUInt32LE(16, 16)
      head.writeUInt16LE(1, 20)
      head.writeUInt16LE(1, 22)
      head.writeUInt32LE(8000, 24)
      head.writeUInt32LE(16000, 28)
      head.writeUInt16LE(2, 32)
      head.writeUInt16LE(16, 34)
      head.write('data', 36)
      head.writeUInt32LE(samples.length, 40)
      return Buffer.concat([head, samples])
    }
    export const sound = defineModel({
      name: 'test/sound',
      description: 'A minute of silence, and then nothing for a while.',
      input: z.object({}),
      output: file(),
      async *run(_input, ctx) {
        yield ctx.file(silence(60), { name: 'silence.wav' })
        for (let tick = 0; tick < 600; tick++) {
          ctx.log('tick ' + tick)
          await wait(100, undefined, { signal: ctx.signal })
        }
      },
    })`,
})

/** Where files end the models' runs. */
const ends = temporaryFolder('sandpit-ends-')

const site = startSite({ environment: { SANDPIT_MODELS: models } })

async function open(path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await site.browser.newContext())).newPage()
  await page.goto(site.server.url + path)
  return page
}

async function run(page: Page, inputs: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(inputs))
    await page.locator(`[name="input.${name}"]`).last().fill(value)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

const panel = '#prediction'

describe('a run in the browser', () => {
  it('stays on its page, pushes its address, and streams to the end', async () => {
    const page = await open('/test/paced')
    const file = join(ends, 'streamed')
    await run(page, { words: '10000', ms: '100', file })
    await page.waitForURL(/\?prediction=[a-z2-7]{26}$/)
    await page.locator(`${panel}[aria-busy=true] .stream`, { hasText: 'word3' }).waitFor()
    writeFileSync(file, '')
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    expect(await page.locator(`${panel} .stream`).textContent()).toMatch(/^word1 word2 .*\d end$/)
    await eventually(async () => expect(await page.title()).toBe('✓ test/paced · Sandpit'))
    await page.context().close()
  })

  it('leads to the result on a phone, where that is below the form', async () => {
    const context = await site.browser.newContext({ viewport: { width: 390, height: 700 } })
    const page = await open('/test/paced', context)
    await run(page, { words: '1', ms: '0' })
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    await eventually(async () =>
      expect(
        await page.locator('#prediction').evaluate((panel) => {
          const { top, bottom } = panel.getBoundingClientRect()
          return top < 350 || bottom <= innerHeight
        }),
      ).toBe(true),
    )
    await context.close()
  })

  it('asks for nothing once it is settled', async () => {
    const page = await open('/test/paced')
    await run(page, { words: '2', ms: '20' })
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)))
    expect(asked).toEqual([])
    await page.context().close()
  })

  it('goes back to the form with what was typed, and runs again from there', async () => {
    const page = await open('/test/paced')
    await run(page, { words: '1', ms: '0', note: 'typed by hand' })
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    const first = page.url()
    await page.goBack()
    await page.waitForSelector('#prediction-form')
    expect(await page.locator('[name="input.note"]').inputValue()).toBe('typed by hand')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForSelector(panel)
    expect(page.url()).not.toBe(first)
    await page.context().close()
  })

  it('runs by Ctrl+Enter, and makes one prediction of two quick presses', async () => {
    const page = await open('/test/paced')
    await page.locator('[name="input.note"]').fill('keyed')
    const pressed = Promise.withResolvers<void>()
    await page.route('**/predictions', async (route) => {
      await pressed.promise
      await route.continue()
    })
    await page.keyboard.press('Control+Enter')
    await page.keyboard.press('Control+Enter')
    pressed.resolve()
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    await page.unrouteAll({ behavior: 'wait' })
    await page.goto(`${site.server.url}/predictions`)
    expect(await page.locator('.history li', { hasText: 'keyed' }).count()).toBe(1)
    await page.context().close()
  })

  it('shows what is wrong in the form, moves focus there, and keeps what was typed', async () => {
    const page = await open('/test/paced')
    await page.locator('#prediction-form').evaluate((form: HTMLFormElement) => {
      form.noValidate = true
    })
    await run(page, { words: '0', note: 'still here' })
    await page.waitForSelector('#problems')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('problems')
    expect(await page.locator('[name="input.note"]').inputValue()).toBe('still here')
    expect(await page.locator('.field-error').textContent()).toContain('0 is too low')
    await page.context().close()
  })

  it('is canceled in place', async () => {
    const page = await open('/test/paced')
    await run(page, { words: '1000', ms: '50' })
    await page.waitForSelector(`${panel} .stream`)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('[data-status=canceled]')
    expect(await page.locator('#prediction-form').count()).toBe(1)
    await page.context().close()
  })
})

describe('a page that watches', () => {
  /** A page whose run says a word each `ms` milliseconds until `end`, however slow the page is. */
  async function start(ms: number, context?: BrowserContext) {
    const file = join(ends, crypto.randomUUID())
    const page = await open('/test/paced', context)
    await run(page, { words: '10000', ms: String(ms), file })
    await page.waitForSelector(`${panel} .stream`)
    return { page, end: () => writeFileSync(file, '') }
  }

  const wordsOn = async (page: Page) =>
    (await page.locator(`${panel} .stream`).textContent())?.split(' ').length ?? 0

  it('shows the same to two viewers', async () => {
    const { page: maker, end } = await start(100)
    const viewer = await open(recordOf(maker))
    await viewer.waitForSelector(`${panel}[aria-busy=true]`)
    await eventually(async () => expect(await wordsOn(viewer)).toBeGreaterThan(8))
    end()
    const texts: (string | null)[] = []
    for (const page of [maker, viewer]) {
      await page.waitForSelector(`${panel}[aria-busy=false]`)
      texts.push(await page.locator(`${panel} .stream`).textContent())
    }
    expect(texts[0]).toMatch(/^word1 word2 .* end$/)
    expect(texts[1]).toBe(texts[0])
    expect(await viewer.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
    await maker.context().close()
    await viewer.context().close()
  })

  it('keeps open details, selection, caret and scroll', async () => {
    const { page, end } = await start(60)
    await page.locator('#logs summary').click()
    await page.evaluate(() => {
      const text = document.querySelector('#prediction .stream p')?.firstChild
      if (text) getSelection()?.setBaseAndExtent(text, 0, text, 5)
    })
    await page.locator('[name="input.note"]').fill('typing while it runs')
    await page.evaluate(() =>
      (
        document.querySelector<HTMLInputElement>('[name="input.note"]') as HTMLInputElement
      ).setSelectionRange(3, 3),
    )
    await page.evaluate(() => scrollTo(0, 40))
    const before = await wordsOn(page)
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(before + 5))
    expect(await page.locator('#logs').evaluate((logs: HTMLDetailsElement) => logs.open)).toBe(true)
    const note = page.locator('[name="input.note"]')
    expect(await note.inputValue()).toBe('typing while it runs')
    expect(
      await note.evaluate((input: HTMLInputElement) => [
        document.activeElement === input,
        input.selectionStart,
      ]),
    ).toEqual([true, 3])
    end()
    await page.context().close()
  })

  it.each(['#prediction .stream p', '#log'])('keeps what is selected: %s', async (where) => {
    const { page, end } = await start(60)
    await page.locator('#logs summary').click()
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(3))
    const selected = await page.locator(where).evaluate((element) => {
      const text = element.firstChild as Text
      getSelection()?.setBaseAndExtent(text, 2, text, 9)
      return String(getSelection())
    })
    expect(selected).toHaveLength(7)
    const before = await wordsOn(page)
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(before + 5))
    expect(await page.evaluate(() => String(getSelection()))).toBe(selected)
    end()
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    expect(await page.evaluate(() => String(getSelection()))).toBe(selected)
    await page.context().close()
  })

  it('keeps what is selected in a text that is longer than the page shows', async () => {
    const { page } = await start(2)
    await page.getByText('Showing the latest part.').waitFor()
    const selected = await page.locator(`${panel} .stream p`).evaluate((element) => {
      const text = element.firstChild as Text
      getSelection()?.setBaseAndExtent(text, text.length - 20, text, text.length - 4)
      return String(getSelection())
    })
    const endOf = async () => (await page.locator(`${panel} .stream p`).textContent())?.slice(-9)
    const before = await endOf()
    await eventually(async () => expect(await endOf()).not.toBe(before))
    expect(await page.evaluate(() => String(getSelection()))).toBe(selected)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('[data-status=canceled]')
    await page.context().close()
  })

  it('keeps a log where it was scrolled to, and follows its end otherwise', async () => {
    const { page } = await start(20)
    await page.locator('#logs summary').click()
    const log = page.locator('#logs pre')
    const topOf = (line: string) =>
      log.evaluate((pre, line) => {
        const text = pre.querySelector('#log')?.firstChild as Text
        const range = document.createRange()
        range.setStart(text, text.data.indexOf(`${line}\n`))
        range.setEnd(text, range.startOffset + 1)
        return range.getBoundingClientRect().top - pre.getBoundingClientRect().top
      }, line)
    const linesInLog = async () => (await log.textContent())?.split('\n').length ?? 0
    await eventually(async () =>
      expect(await log.evaluate((pre) => pre.scrollHeight - pre.clientHeight)).toBeGreaterThan(200),
    )
    await log.evaluate((pre) => pre.scrollBy(0, -100))
    const before = { top: await topOf('log 8'), lines: await linesInLog() }
    await eventually(async () => expect(await linesInLog()).toBeGreaterThan(before.lines + 100))
    expect(Math.abs((await topOf('log 8')) - before.top)).toBeLessThan(1)
    await log.evaluate((pre) => pre.scrollTo(0, 0))
    const atEnd = await topOf('log 8')
    await eventually(async () => expect(await topOf('log 8')).toBeLessThan(atEnd - 20))
    expect(await log.evaluate((pre) => pre.scrollTop)).toBe(0)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('[data-status=canceled]')
    await page.context().close()
  })

  it('rests while it is hidden and catches up when it is shown', async () => {
    const { page, end } = await start(100)
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/panel') && asked.push(request.url()))
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      dispatchEvent(new Event('visibilitychange'))
    })
    const atHide = asked.length
    const seen = await wordsOn(page)
    const id = idInAddress(page.url())
    await eventually(async () => {
      const { output } = await apiAt(site.server.url).find(id)
      expect((output as string[]).length).toBeGreaterThan(seen + 10)
    })
    expect(asked.length - atHide).toBeLessThanOrEqual(1)
    expect(await wordsOn(page)).toBe(seen)
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true })
      dispatchEvent(new Event('visibilitychange'))
    })
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(seen + 4))
    end()
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    await page.context().close()
  })

  it('goes on while it is hidden for whoever wants to be told, and tells them', async () => {
    const context = await site.browser.newContext({ permissions: ['notifications'] })
    await context.addInitScript(() => {
      const told: string[] = []
      class Told {
        static permission = 'granted'
        constructor(title: string) {
          told.push(title)
        }
      }
      Object.assign(window, { Notification: Told, told })
    })
    const { page, end } = await start(100, context)
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      dispatchEvent(new Event('visibilitychange'))
    })
    const seen = await wordsOn(page)
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(seen + 3))
    end()
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    await eventually(async () =>
      expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([
        '✓ test/paced · Sandpit',
      ]),
    )
    await context.close()
  })

  it('plays on when what is around it changes', async () => {
    const page = await open('/test/sound')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const audio = page.locator(`${panel} audio`)
    await audio.waitFor()
    await audio.evaluate((player: HTMLAudioElement) => {
      player.muted = true
      Object.assign(player, { same: 'player' })
      return player.play()
    })
    const before = await page.locator('#logs').textContent()
    await eventually(async () => expect(await page.locator('#logs').textContent()).not.toBe(before))
    const state = await audio.evaluate((player: HTMLAudioElement) => [
      player.paused,
      (player as HTMLAudioElement & { same?: string }).same,
    ])
    expect(state).toEqual([false, 'player'])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('[data-status=canceled]')
    await page.context().close()
  })

  it('catches up after the network was gone', async () => {
    const { page, end } = await start(100)
    await page.context().setOffline(true)
    const seen = await wordsOn(page)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2000)))
    expect(await page.locator(panel).count()).toBe(1)
    await page.context().setOffline(false)
    await eventually(async () => expect(await wordsOn(page)).toBeGreaterThan(seen + 10))
    end()
    await page.context().close()
  })

  it('does not keep a ninth page out when eight watch', { timeout: 180_000 }, async () => {
    const context = await site.browser.newContext()
    const first = await open('/test/gate', context)
    const file = join(ends, 'eight')
    await run(first, { file })
    await first.waitForSelector(`${panel} .stream`)
    const pages = [first]
    for (let page = 1; page < 8; page++) pages.push(await open(recordOf(first), context))
    for (const page of pages) await page.waitForSelector(`${panel} .stream`)
    let ended = 0
    context.on('requestfinished', (request) => {
      if (/\/panel\?.*seen=/.test(request.url())) ended++
    })
    const ninth = await context.newPage()
    // It needs none of the requests that are held to end, as some do by themselves on a slow machine.
    await eventually(async () => {
      const before = ended
      await ninth.goto(site.server.url)
      await ninth.waitForSelector('.models-grid')
      expect(ended).toBe(before)
    })
    writeFileSync(file, '')
    for (const page of pages) {
      await page.waitForSelector(`${panel}[aria-busy=false]`)
      expect(await page.locator(`${panel} .stream`).textContent()).toBe('begin end')
    }
    await context.close()
  })
})

it('takes a page along when the server is restarted under it', async () => {
  const environment = { SANDPIT_MODELS: models }
  const own = await startServer({ environment })
  const page = await (await site.browser.newContext()).newPage()
  await page.goto(`${own.url}/test/gate`)
  const file = join(ends, 'restarted')
  await run(page, { file })
  await page.waitForSelector(`${panel} .stream`)
  await own.stop('SIGKILL')
  writeFileSync(file, '')
  const after = await startServer({
    data: own.data,
    environment: { ...environment, PORT: String(own.port) },
  })
  await page.waitForSelector(`${panel}[aria-busy=false]`)
  expect(await page.locator(`${panel} .stream`).textContent()).toContain('begin end')
  expect(await page.locator(panel).textContent()).toContain('restarted from the beginning')
  await page.context().close()
  await after.stop()
})
