import type { BrowserContextOptions, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { recordOf } from '../support/prediction-id.ts'
import { startSite } from '../support/site.ts'

const pwn = '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">'
const swap = `<p hx-get="/healthz" hx-trigger="load" hx-target="#main">x</p>
<div hx-swap-oob="innerHTML:#main">gone</div><div data-hx-swap-oob="innerHTML:#main">gone</div>
<hx-partial hx-target="#main">gone</hx-partial>`
const scriptedSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="top.pwned = 1"><script>top.pwned = 1</script><rect width="9" height="9" fill="tan"/></svg>`

/** A model for each way an output can be: written as the expression that makes it. */
const kinds: Readonly<Record<string, string>> = {
  text: '"A short answer."',
  markdown:
    '"# A title\\n\\nWith **bold** and [a link](https://example.com).\\n\\n#### Deep\\n\\n- one\\n- two"',
  image: 'file(picture, "quay.svg")',
  gallery: '[file(picture, "one.svg"), file(picture, "two.svg")]',
  audio: 'file(wav, "bell.wav")',
  video: 'file(mp4, "clip.mp4")',
  mesh: 'file(Buffer.concat([Buffer.from("glTF\\x02\\0\\0\\0"), Buffer.alloc(99)]), "lamp.glb")',
  file: 'file("id,name\\n1,a\\n", "rows.csv")',
  link: '"https://example.com/a.png"',
  number: '0.93',
  boolean: 'true',
  table: '[{ id: 1, berth: "Skagen", late: false }, { id: 2, berth: "Anholt", late: true }]',
  json: '{ a: { b: [1, 2], c: "a long text that does not fit into the one line that there is for it" } }',
  data: '"data:image/svg+xml;base64," + Buffer.from(picture).toString("base64")',
  html: `"<!doctype html><title>x</title>" + ${JSON.stringify(pwn + swap)}`,
}

const hostile: Readonly<Record<string, string>> = {
  markup: JSON.stringify(pwn + swap),
  markdown: JSON.stringify(
    `# Hi\n\n**x** [a](javascript:window.pwned=1) [b](JaVaScRiPt:pwned=1) [c](data:text/html,${pwn})\n\n${pwn}\n${swap}\n\n![i](x" onerror="pwned=1)`,
  ),
  keys: `JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "<img src=x onerror=pwned=1>": "y\\\\nz"}')`,
  rows: `JSON.parse('[{"__proto__": 1, "toString": "<script>pwned=1</script>"}, {"__proto__": 2, "toString": "javascript:pwned=1"}]')`,
  bidi: '{ text: "abc\\u202Egnp.exe\\u2066", nested: [["\\u202E"]], other: "\\u0000\\u0007\\u001b[31m" }',
  names: 'file("text", "../../etc/pass\\u202Ewd\\n<b>.txt")',
  picture: `file(${JSON.stringify(`<html>${pwn}`)}, "photo.png")`,
  svg: `file(${JSON.stringify(scriptedSvg)}, "drawing.svg")`,
  dataPage: `"data:text/html," + encodeURIComponent(${JSON.stringify(pwn)})`,
  large: '"word <&> ".repeat(5 * 2 ** 20 / 9)',
  many: 'Array.from({ length: 10000 }, (_, at) => "text number " + at + "\\nof many")',
  deep: 'nested(10000)',
  quiteDeep: 'nested(1500)',
}

const models = writeModels({
  hostile: `
    import { defineModel, z } from 'sandpit/model'
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="tan"/></svg>'
    const wav = Buffer.from('RIFF\\x24\\0\\0\\0WAVEfmt \\x10\\0\\0\\0\\x01\\0\\x01\\0\\x40\\x1f\\0\\0\\x40\\x1f\\0\\0\\x01\\0\\x08\\0data\\0\\0\\0\\0', 'latin1')
    const mp4 = Buffer.from('\\0\\0\\0\\x18ftypmp42\\0\\0\\0\\0mp42isom', 'latin1')
    function nested(levels) {
      let value = 'bottom'
      for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value }
      return value
    }
    const make = {
      ${Object.entries(kinds)
        .map(([name, code]) => `${name}: (file) => (${code}),`)
        .join('\n')}
      ${Object.entries(hostile)
        .map(([name, code]) => `hostile_${name}: (file) => (${code}),`)
        .join('\n')}
    }
    export const hostile = defineModel({
      name: 'test/hostile',
      description: 'Makes what it is told to.',
      input: z.object({ make: z.string() }),
      output: z.any(),
      copies: 2,
      run(input, ctx) {
        console.log(${JSON.stringify(pwn + swap)})
        const file = (content, name) => ctx.file(Buffer.from(content), { name })
        if (input.make !== 'everything') return make[input.make](file)
        return Object.fromEntries(${JSON.stringify(Object.keys(kinds))}.map((name) => [name, make[name](file)]))
      },
    })`,
  streamer: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const streamer = defineModel({
      name: 'test/streamer',
      description: 'Writes markup, piece by piece.',
      input: z.object({ pieces: z.int().default(3) }),
      output: z.string(),
      copies: 2,
      async *run({ pieces }, ctx) {
        for (let piece = 0; piece < pieces; piece++) {
          ctx.log('line ' + piece)
          yield ${JSON.stringify(`${pwn}${swap}`)} + 'piece ' + piece + ' '
          await wait(20, undefined, { signal: ctx.signal })
        }
        if (pieces > 100) await new Promise((_, stop) => ctx.signal.addEventListener('abort', stop))
      },
    })`,
})

const site = startSite({ environment: { SANDPIT_MODELS: models } })

const panel = '#prediction'

async function make(what: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await site.open('/test/hostile', options)
  await page.locator('[name="input.make"]').last().fill(what)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForSelector(`${panel}[aria-busy=false]`)
  return page
}

/** Nothing ran, nothing was swapped, and the page still does what it is for. */
async function expectInert(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'pwned' in window || 'polluted' in {})).toBe(false)
  expect(await page.locator('#main').textContent()).not.toMatch(/^gone|^ok/)
  expect(await page.locator(`${panel} script, ${panel} iframe, ${panel} [onerror]`).count()).toBe(0)
  expect(await page.locator(`${panel} [hx-swap-oob], ${panel} [data-hx-swap-oob]`).count()).toBe(0)
  expect(await page.locator('hx-partial').count()).toBe(0)
  if ((await page.locator('.logs[open]').count()) === 0)
    await page.locator('.logs > summary').click()
  expect(await page.locator('.logs pre').isVisible()).toBe(true)
}

describe('an output that means harm', () => {
  it.each(Object.keys(hostile))('is shown and does nothing: %s', async (name) => {
    const page = await make(`hostile_${name}`)
    const html = await (await page.request.get(`${site.server.url}${recordOf(page)}/panel`)).text()
    expect(Buffer.byteLength(html)).toBeLessThan(150_000)
    await expectInert(page)
    await page.reload()
    await expectInert(page)
    await page.context().close()
  })

  it('does nothing while it streams, swap after swap', async () => {
    const page = await (await site.browser.newContext()).newPage()
    await page.goto(`${site.server.url}/test/streamer`)
    await page.locator('[name="input.pieces"]').last().fill('20')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForSelector(`${panel}[aria-busy=false]`)
    expect(await page.locator(`${panel} .stream`).textContent()).toContain('piece 19')
    await expectInert(page)
    await page.context().close()
  })

  it.each(['picture', 'svg', 'names', 'dataPage'])(
    'does nothing as a file opened by itself: %s',
    async (name) => {
      const page = await make(`hostile_${name}`)
      const href = await page
        .locator(`${panel} :is(figure img, .file-link a)`)
        .first()
        .evaluate((shown) => shown.getAttribute('src') ?? shown.getAttribute('href'))
      expect(href).not.toContain('..')
      const response = await page.request.get(new URL(href ?? '', page.url()).href)
      expect(response.headers()['content-security-policy']).toContain('sandbox')
      expect(response.headers()['x-content-type-options']).toBe('nosniff')
      expect(response.headers()['content-type']).not.toContain('html')
      for (const source of await page.getByRole('link', { name: 'View', exact: true }).all()) {
        await source.click()
        await page.waitForURL(/\/sources\//)
        expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
        expect(await page.locator('script').count()).toBe(0)
      }
      await page.context().close()
    },
  )

  it.each(['large', 'many', 'quiteDeep', 'markdown'])('is answered whole: %s', async (name) => {
    const page = await make(`hostile_${name}`)
    for (const path of ['', '/panel', '/output.json', '/prediction.json'])
      expect((await page.request.get(site.server.url + recordOf(page) + path)).status(), path).toBe(
        200,
      )
    await page.context().close()
  })
})

describe('every kind of output', () => {
  const views = [
    { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
    { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  ] as const

  it.each(views)('is accessible at $viewport.width px, $colorScheme', async (view) => {
    const page = await make('everything', view)
    expect(await page.locator(`${panel} .made > div`).count()).toBe(Object.keys(kinds).length)
    await page.locator('#logs > summary').click()
    await expectAccessible(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wide).toBeLessThanOrEqual(0)
    await page.context().close()
  })

  it.each(['text', 'table', 'json', 'list', 'gallery', 'markdown'])(
    'is accessible by itself: %s',
    async (kind) => {
      const page = await make(kind === 'list' ? 'hostile_many' : kind)
      await expectAccessible(page)
      await page.context().close()
    },
  )
})

describe('without JavaScript', () => {
  it('shows Markdown as it reads and as it is written, and no button that would need a script', async () => {
    const context = await site.browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${site.server.url}/test/hostile`)
    await page.locator('[name="input.make"]').last().fill('markdown')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await eventually(async () => {
      await page.reload()
      expect(await page.locator(`${panel}[aria-busy=false]`).count()).toBe(1)
    })
    const source = page.locator(`${panel} .either > pre`)
    expect(await page.locator(`${panel} .markdown strong`).isVisible()).toBe(true)
    expect(await source.isVisible()).toBe(false)
    await page.getByText('Markdown', { exact: true }).click()
    expect(await source.textContent()).toContain('**bold**')
    expect(await source.isVisible()).toBe(true)
    expect(await page.locator(`${panel} .markdown`).isVisible()).toBe(false)
    expect(await page.locator(panel).getByRole('button', { name: 'Copy' }).count()).toBe(0)
    await context.close()
  })
})

describe('taking an output along', () => {
  it('copies the JSON itself, folded or not', async () => {
    const page = await make('json', { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator(`${panel} .json-output summary`).nth(1).click()
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await eventually(async () => {
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      expect(JSON.parse(copied)).toMatchObject({ a: { b: [1, 2] } })
    })
    await page.context().close()
  })

  it('downloads several files as one archive', async () => {
    const page = await make('gallery')
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download 2 files' }).click()
    expect((await download).suggestedFilename()).toMatch(/^[a-z2-7]{26}\.zip$/)
    expect(await (await download).failure()).toBeNull()
    await page.context().close()
  })

  it('keeps the end of the logs in view while they grow', async () => {
    const page = await (await site.browser.newContext()).newPage()
    await page.goto(`${site.server.url}/test/streamer`)
    await page.locator('[name="input.pieces"]').last().fill('120')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('#logs > summary').click()
    const log = page.locator('#logs pre')
    await page.waitForFunction(() =>
      document.querySelector('#log')?.textContent?.includes('line 119'),
    )
    const fromEnd = () =>
      log.evaluate((pre) => {
        const last = pre.firstElementChild?.getBoundingClientRect().bottom ?? 0
        return Math.abs(last - pre.getBoundingClientRect().bottom)
      })
    await eventually(async () => expect(await fromEnd()).toBeLessThan(30))
    expect(await log.evaluate((pre) => pre.scrollHeight > pre.clientHeight)).toBe(true)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForSelector('[data-status=canceled]')
    await page.context().close()
  })
})
