import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OutputKind } from '../../src/domain/output/output.ts'
import { root } from '../../src/root.ts'
import { expectDrawn } from '../support/drawn.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idInAddress, recordOf } from '../support/prediction-id.ts'
import { startSite } from '../support/site.ts'

interface Renderer {
  /** The model's output: an expression in which `file(content, name)` makes a file. */
  readonly made: string
  /** Looks at it where it is drawn, and uses what there is to use. */
  readonly use: (panel: Locator, page: Page, scripts: boolean) => Promise<unknown>
}

const text = (locator: Locator) => locator.textContent()
const offered = (panel: Locator, name: string) =>
  panel.getByRole('link', { name, exact: true }).getAttribute('href')

/** The response behind a link of the panel, fetched without a site.browser. */
async function fetched(page: Page, href: string | null) {
  const response = await page.request.get(new URL(href ?? '', page.url()).href)
  expect(response.status()).toBe(200)
  return response
}

/** Where a script can copy, it copies all of it; where none can, no button says it would. */
async function copies(panel: Locator, page: Page, scripts: boolean, whole: string) {
  const button = panel.locator('.actions').getByRole('button', { name: 'Copy', exact: true })
  expect(await button.count()).toBe(scripts ? 1 : 0)
  if (!scripts) return
  await button.click()
  await panel.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(whole)
}

/** Copy of each kind that is copied from where it is kept: the button, its answer, and what it copies. */
const copiedFrom: Partial<
  Record<OutputKind, readonly [button: string, said: string, copied: RegExp]>
> = {
  gallery: ['Copy links', 'Copied', /^\["http.*one\.svg",.*three\.svg"\]$/],
  audio: ['Copy link', 'Copied', /^http:.*\/bell\.wav$/],
  video: ['Copy link', 'Copied', /^http:.*\/clip\.mp4$/],
  mesh: ['Copy link', 'Copied', /^http:.*\/lamp\.glb$/],
  file: ['Copy link', 'Copied', /^http:.*\/rows\.csv$/],
  link: ['Copy', 'Copied', /^https:\/\/example\.com\/a\.png$/],
  number: ['Copy', 'Copied', /^0\.93$/],
  boolean: ['Copy', 'Copied', /^true$/],
  table: ['Copy', 'Copied', /^id,berth\r?\n1,'=Skagen\r?\n2,Anholt\s*$/],
  list: ['Copy', 'Copied', /"The first\\nof two"/],
  object: ['Copy', 'Copied', /"score":0\.5/],
  error: ['Copy error', 'Copied', /^The tide was too high\.$/],
}

async function isCopied(kind: OutputKind, panel: Locator, page: Page) {
  const [button, said, copied] = copiedFrom[kind] ?? []
  if (button === undefined || said === undefined || copied === undefined) return
  await panel.getByRole('button', { name: button, exact: true }).first().click()
  await panel.getByRole('button', { name: said, exact: true }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(copied)
}

/** The tab with the whole prediction as JSON, and back. */
async function isJsonToo(panel: Locator) {
  await panel.getByRole('link', { name: 'JSON', exact: true }).click()
  await panel.locator('nav [aria-current]:text-is("JSON")').waitFor()
  const json: unknown = JSON.parse((await text(panel.locator('.json-output'))) ?? '')
  expect(json).toMatchObject({ model: expect.any(String), input: {}, urls: {}, metrics: {} })
  await panel.getByRole('link', { name: 'Preview', exact: true }).click()
  await panel.locator('nav [aria-current]:text-is("Preview")').waitFor()
}

async function isFileLink(panel: Locator, page: Page, name: string, said: string) {
  expect(await text(panel.locator('.file-link'))).toContain(said)
  expect(await panel.getByRole('link', { name, exact: true }).getAttribute('download')).toBe(name)
  await fetched(page, await offered(panel, name))
}

const renderers: Readonly<Record<OutputKind, Renderer>> = {
  text: {
    made: '"A short answer."',
    async use(panel, page, scripts) {
      expect(await text(panel.locator('.stream .text'))).toBe('A short answer.')
      expect(await (await fetched(page, await offered(panel, 'Download'))).text()).toBe(
        'A short answer.',
      )
      await copies(panel, page, scripts, 'A short answer.')
    },
  },
  stream: {
    made: '["One ", "by ", "one."]',
    async use(panel, page, scripts) {
      expect(await text(panel.locator('.stream .text'))).toBe('One by one.')
      expect(await panel.locator('.caret').count()).toBe(0)
      await copies(panel, page, scripts, 'One by one.')
    },
  },
  markdown: {
    made: '"# Title\\n\\nWith **bold** and [a link](https://example.com).\\n\\n- one\\n- two"',
    async use(panel, page, scripts) {
      expect(await text(panel.locator('.markdown strong'))).toBe('bold')
      expect(await panel.locator('.either > pre').isVisible()).toBe(false)
      await panel.getByText('Markdown', { exact: true }).click()
      expect(await text(panel.locator('.either > pre'))).toContain('**bold**')
      expect(await panel.locator('.markdown').isVisible()).toBe(false)
      expect(await (await fetched(page, await offered(panel, 'Download'))).text()).toContain(
        '# Title',
      )
      if (!scripts) await panel.getByText('Formatted', { exact: true }).click()
      expect(await panel.locator('.markdown').isVisible()).toBe(!scripts)
    },
  },
  html: {
    made: '"<!doctype html><title>x</title><script>window.ran = 1</script>"',
    async use(panel, page) {
      expect(await text(panel.locator('pre').first())).toContain('<script>')
      expect(await page.evaluate(() => 'ran' in window)).toBe(false)
      await fetched(page, await offered(panel, 'Download'))
    },
  },
  image: {
    made: 'file(picture, "quay.svg")',
    async use(panel, page, scripts) {
      const drawn = panel.getByRole('img', { name: 'quay.svg' })
      await expectDrawn(drawn)
      if (scripts) {
        await panel.getByRole('button', { name: 'Copy', exact: true }).click()
        await panel.getByRole('button', { name: 'Picture copied' }).waitFor()
        const types = await page.evaluate(async () => (await navigator.clipboard.read())[0]?.types)
        expect(types).toEqual(['image/png'])
      }
      const source = await fetched(page, await drawn.getAttribute('src'))
      expect(source.headers()['content-type']).toContain('image/svg+xml')
      const full = await fetched(page, await panel.locator('.gallery a').getAttribute('href'))
      expect(await full.text()).toContain('quay.svg')
    },
  },
  gallery: {
    made: '[file(picture, "one.svg"), file(picture, "two.svg"), file(picture, "three.svg")]',
    async use(panel, page) {
      expect(await panel.locator('.gallery figure').count()).toBe(3)
      await expectDrawn(panel.getByRole('img', { name: 'two.svg, 2 of 3' }))
      const zip = await (await fetched(page, await offered(panel, 'Download 3 files'))).body()
      expect(zip.subarray(0, 2).toString()).toBe('PK')
      for (const name of ['one.svg', 'two.svg', 'three.svg']) expect(zip.includes(name)).toBe(true)
    },
  },
  audio: {
    made: 'file(wav, "bell.wav")',
    async use(panel, page, scripts) {
      const player = panel.getByLabel('bell.wav')
      expect(await player.getAttribute('controls')).not.toBeNull()
      await streamsInParts(page, await player.getAttribute('src'), 'audio/wav')
      if (scripts)
        await eventually(async () =>
          expect(await player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBe(1),
        )
    },
  },
  video: {
    made: 'file(mp4, "clip.mp4")',
    async use(panel, page) {
      const player = panel.getByLabel('clip.mp4')
      expect(await player.getAttribute('controls')).not.toBeNull()
      await streamsInParts(page, await player.getAttribute('src'), 'video/mp4')
    },
  },
  mesh: {
    made: 'file(Buffer.concat([Buffer.from("glTF\\x02\\0\\0\\0"), Buffer.alloc(99)]), "lamp.glb")',
    use: (panel, page) => isFileLink(panel, page, 'lamp.glb', '3D model'),
  },
  file: {
    made: 'file("id,name\\n1,a\\n", "rows.csv")',
    async use(panel, page) {
      await isFileLink(panel, page, 'rows.csv', 'text/csv, 12 B')
      const source = await fetched(page, await offered(panel, 'View'))
      expect(await source.text()).toContain('id,name')
    },
  },
  link: {
    made: '"https://example.com/a.png"',
    async use(panel) {
      const link = panel.getByRole('link', { name: 'https://example.com/a.png' })
      expect(await link.getAttribute('rel')).toContain('noreferrer')
      expect(await panel.locator('img').count()).toBe(0)
    },
  },
  number: {
    made: '0.93',
    use: async (panel) => expect(await text(panel.locator('.figure'))).toBe('0.93'),
  },
  boolean: {
    made: 'true',
    use: async (panel) => expect(await text(panel.locator('.figure'))).toBe('true'),
  },
  table: {
    made: '[{ id: 1, berth: "=Skagen" }, { id: 2, berth: "Anholt" }]',
    async use(panel, page) {
      expect(await panel.getByRole('columnheader').allTextContents()).toEqual(['id', 'berth'])
      expect(await panel.getByRole('cell').allTextContents()).toEqual([
        '1',
        '=Skagen',
        '2',
        'Anholt',
      ])
      const csv = await (await fetched(page, await offered(panel, 'CSV'))).text()
      expect(csv).toContain("'=Skagen")
      expect(csv).toContain('2,Anholt')
    },
  },
  json: {
    made: '{ a: { b: [1, 2], c: "a long text that does not fit into the one line there is" } }',
    async use(panel, page, scripts) {
      const shown = panel.locator('.json-output')
      const whole = {
        a: { b: [1, 2], c: 'a long text that does not fit into the one line there is' },
      }
      expect(JSON.parse((await text(shown)) ?? '')).toEqual(whole)
      await copies(panel, page, scripts, (await text(shown)) ?? '')
      await shown.locator('summary').first().click()
      expect(await shown.getByText('a long text').isVisible()).toBe(false)
    },
  },
  list: {
    made: '["The first\\nof two", "The second\\nof two"]',
    use: async (panel) =>
      expect(await panel.locator('ol.stack > li').allTextContents()).toEqual([
        'The first\nof two',
        'The second\nof two',
      ]),
  },
  object: {
    made: '{ picture: file(picture, "quay.svg"), score: 0.5, said: "Some words.\\nAnd more." }',
    async use(panel) {
      expect(await panel.locator('.made dt').allTextContents()).toEqual([
        'picture',
        'score',
        'said',
      ])
      await expectDrawn(panel.locator('.made img'))
      expect(await text(panel.locator('.made .figure'))).toBe('0.5')
    },
  },
  error: {
    made: 'fail("The tide was too high.")',
    async use(panel) {
      expect(await text(panel.locator('.failure'))).toContain('The tide was too high.')
      expect(await panel.locator('[data-status=failed]').count()).toBe(1)
      expect(await panel.getByRole('button', { name: 'Run again' }).count()).toBe(1)
      expect(await panel.locator('.logs').getAttribute('open')).not.toBeNull()
      expect(await text(panel.locator('.logs mark').first())).toContain('Error')
    },
  },
  empty: {
    made: 'null',
    use: async (panel) => expect(await text(panel.locator('> .field-note'))).toBe('No output.'),
  },
}

async function streamsInParts(page: Page, src: string | null, type: string) {
  const response = await page.request.get(new URL(src ?? '', page.url()).href, {
    headers: { Range: 'bytes=0-3' },
  })
  expect([response.status(), response.headers()['content-type']]).toEqual([206, type])
}

const pieces = `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'`

const models = writeModels({
  maker: `
    import { defineModel, z } from 'sandpit/model'
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="tan"/></svg>'
    const wav = Buffer.concat([
      Buffer.from('RIFF\\x64\\x1f\\0\\0WAVEfmt \\x10\\0\\0\\0\\x01\\0\\x01\\0\\x40\\x1f\\0\\0\\x40\\x1f\\0\\0\\x01\\0\\x08\\0data\\x40\\x1f\\0\\0', 'latin1'),
      Buffer.alloc(8000, 128),
    ])
    const mp4 = Buffer.from('\\0\\0\\0\\x18ftypmp42\\0\\0\\0\\0mp42isom', 'latin1')
    function fail(message) {
      console.error('Error: ' + message)
      throw new Error(message)
    }
    const make = {
      ${Object.entries(renderers)
        .map(([kind, { made }]) => `${kind}: (file) => (${made}),`)
        .join('\n')}
    }
    export const maker = defineModel({
      name: 'test/maker',
      description: 'Makes one of each.',
      input: z.object({ kind: z.string() }),
      output: z.any(),
      copies: 2,
      run: ({ kind }, ctx) => make[kind]((content, name) => ctx.file(Buffer.from(content), { name })),
    })`,
  streamer: `${pieces}
    import { defineModel, z } from 'sandpit/model'
    export const streamer = defineModel({
      name: 'test/streamer',
      description: 'Says one piece after the other, the last when a file is there.',
      input: z.object({ kind: z.string(), gate: z.string().default('') }),
      output: z.string(),
      copies: 2,
      async *run({ gate }, ctx) {
        yield 'One '
        yield 'by '
        while (gate && !existsSync(gate)) await wait(20, undefined, { signal: ctx.signal })
        yield 'one.'
      },
    })`,
  painter: `${pieces}
    import { defineModel, file, z } from 'sandpit/model'
    export const painter = defineModel({
      name: 'test/painter',
      description: 'Paints one picture after the other, the last when a file is there.',
      input: z.object({ gate: z.string() }),
      output: file(),
      copies: 2,
      async *run({ gate }, ctx) {
        const paint = (name) => ctx.file(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), { name })
        yield paint('one.svg')
        yield paint('two.svg')
        while (!existsSync(gate)) await wait(20, undefined, { signal: ctx.signal })
        yield paint('three.svg')
      },
    })`,
})

const site = startSite({ environment: { SANDPIT_MODELS: models } })

const kinds = Object.keys(renderers) as OutputKind[]

const off = { javaScriptEnabled: false }
const panelOf = (page: Page) => page.locator('#prediction')

async function run(page: Page, inputs: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, typed] of Object.entries(inputs))
    await page.locator(`[name="input.${name}"]`).last().fill(typed)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

it('names every kind of renderer there is', () => {
  const files = readdirSync(join(root, 'views', 'outputs'))
  const kinds = files.flatMap((file) => /^(.*)-output\.tsx$/.exec(file)?.[1] ?? [])
  expect(Object.keys(renderers).sort()).toEqual(kinds.sort())
})

describe('each kind is drawn as it arrives, and by itself without scripts', () => {
  let page: Page
  let plain: Page
  beforeAll(async () => {
    page = await site.open('/test/maker', { permissions: ['clipboard-read', 'clipboard-write'] })
    plain = await (await site.browser.newContext(off)).newPage()
  })
  afterAll(async () => {
    await page?.context().close()
    await plain?.context().close()
  })

  it.each(kinds)('%s', async (kind) => {
    const { use } = renderers[kind]
    const model = kind === 'stream' ? 'test/streamer' : 'test/maker'
    if ((await page.locator('[name=model]').first().inputValue()) !== model)
      await page.goto(`${site.server.url}/${model}`)
    const before = page.url()
    await run(page, { kind })
    await page.waitForURL(({ href }) => href !== before && idInAddress(href) !== '')
    const own = `.prediction-id a[href="${recordOf(page)}"]`
    await page.waitForSelector(`#prediction[aria-busy=false] ${own}`)
    await use(panelOf(page), page, true)
    await isCopied(kind, panelOf(page), page)
    await isJsonToo(panelOf(page))
    await plain.goto(site.server.url + recordOf(page))
    await use(panelOf(plain), plain, false)
    await isJsonToo(panelOf(plain))
  })
})

describe.each([
  { scripts: 'with scripts', options: {} },
  { scripts: 'without scripts', options: off },
])('$scripts', ({ options }) => {
  it('shows a text while it grows', async () => {
    const gate = join(models, `text-${Object.keys(options).length}`)
    const page = await site.open('/test/streamer', options)
    await run(page, { kind: 'stream', gate })
    await page.waitForSelector('#prediction .caret:text-is("One by ")')
    writeFileSync(gate, '')
    await page.waitForSelector('#prediction[aria-busy=false]')
    expect(await text(panelOf(page).locator('.stream'))).toBe('One by one.')
    await page.context().close()
  })

  it('shows pictures as they come', async () => {
    const gate = join(models, `pictures-${Object.keys(options).length}`)
    const page = await site.open('/test/painter', options)
    await run(page, { gate })
    await page.waitForFunction(() => document.querySelectorAll('#prediction figure').length === 2)
    expect(await page.locator('[data-status=processing]').count()).toBe(1)
    writeFileSync(gate, '')
    await page.waitForFunction(() => document.querySelectorAll('#prediction figure').length === 3)
    await page.waitForSelector('#prediction[aria-busy=false]')
    await page.context().close()
  })
})
