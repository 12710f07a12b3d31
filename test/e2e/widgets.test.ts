import { once } from 'node:events'
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FieldKind, fieldTypes } from '../../src/domain/form/fields/index.ts'
import { startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts'
import { idInAddress, recordOf } from '../support/prediction-id.ts'
import { type Server, startServer } from '../support/server.ts'

/** One input of the kitchen sink: how a person fills it in, what the model is told, what comes back. */
interface Widget {
  readonly input: string
  readonly kind: FieldKind
  readonly give?: (field: Locator, page: Page) => Promise<unknown>
  /** The value that the model received; undefined when it was left out. */
  readonly told?: unknown
  /** How the form has it when it is opened again with what was given. */
  readonly back: (field: Locator) => Promise<unknown>
  /** A value that is refused, and the error shown. */
  readonly wrong?: { readonly give: (field: Locator) => Promise<unknown>; readonly says: string }
}

const text = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('sand') }
const more = { name: 'more.txt', mimeType: 'text/plain', buffer: Buffer.from('more sand') }
const box = (field: Locator) => field.locator('input:not([type=hidden]), textarea').last()
const value = (expected: string) => async (field: Locator) =>
  expect(await box(field).inputValue()).toBe(expected)
const fill = (typed: string) => (field: Locator) => box(field).fill(typed)
const check = (option: string) => (field: Locator) =>
  field.locator('label', { hasText: new RegExp(`^${option}$`) }).click()
const checked = (option: string) => async (field: Locator) =>
  expect(await field.locator('input:checked').inputValue()).toBe(option)

/** In an order that a person could take: what reloads the form comes before the secret, which it forgets. */
const widgets: readonly Widget[] = [
  {
    input: 'numbers',
    kind: 'rows',
    async give(field) {
      await field.getByRole('button', { name: 'Add one to numbers' }).click()
      await inputs(field).nth(0).fill('1.5')
      await field.getByRole('button', { name: 'Add another to numbers' }).click()
      await eventually(async () => expect(await inputs(field).count()).toBe(2))
      await inputs(field).nth(1).fill('-2')
      await field.getByRole('button', { name: 'Move numbers 2 up' }).click()
      await eventually(async () => expect(await inputs(field).nth(0).inputValue()).toBe('-2'))
    },
    told: [-2, 1.5],
    back: async (field) =>
      expect(
        await inputs(field).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)),
      ).toEqual(['-2', '1.5']),
  },
  {
    input: 'words',
    kind: 'rows',
    async give(field) {
      await field.getByRole('button', { name: 'Remove words 1' }).click()
      await eventually(async () => expect(await inputs(field).count()).toBe(1))
      await inputs(field).nth(0).fill('rake')
    },
    told: ['rake'],
    back: async (field) => expect(await inputs(field).first().inputValue()).toBe('rake'),
  },
  {
    input: 'line',
    kind: 'line',
    give: fill('One line'),
    told: 'One line',
    back: value('One line'),
    wrong: { give: fill(''), says: 'required' },
  },
  {
    input: 'text',
    kind: 'text',
    give: fill('Two\nlines, “quoted” & <b>'),
    told: 'Two\nlines, “quoted” & <b>',
    back: value('Two\nlines, “quoted” & <b>'),
  },
  {
    input: 'code',
    kind: 'text',
    give: fill('\n  if (sand) dig()'),
    told: '\n  if (sand) dig()',
    async back(field) {
      await value('\n  if (sand) dig()')(field)
      expect(await box(field).evaluate((code) => getComputedStyle(code).fontFamily)).toMatch(
        /mono/i,
      )
    },
  },
  {
    input: 'integer',
    kind: 'number',
    give: fill('42'),
    told: 42,
    back: value('42'),
    wrong: { give: fill('1.5'), says: '“1.5” is not a whole number.' },
  },
  {
    input: 'number',
    kind: 'number',
    give: fill('0.125'),
    told: 0.125,
    back: value('0.125'),
    wrong: { give: fill('-3'), says: '-3 is too low. Use 0 or more.' },
  },
  {
    input: 'range',
    kind: 'range',
    give: fill('0.75'),
    told: 0.75,
    back: value('0.75'),
    wrong: { give: fill('9'), says: '9 is too high. Use a number from 0 to 1.' },
  },
  { input: 'steps', kind: 'range', give: fill('33'), told: 33, back: value('33') },
  {
    input: 'seed',
    kind: 'number',
    back: async (field) =>
      expect([await box(field).inputValue(), await box(field).getAttribute('placeholder')]).toEqual(
        ['', 'random'],
      ),
  },
  {
    input: 'on',
    kind: 'boolean',
    give: (field) => field.getByRole('checkbox').uncheck(),
    told: false,
    back: async (field) => expect(await field.getByRole('checkbox').isChecked()).toBe(false),
  },
  {
    input: 'off',
    kind: 'boolean',
    give: (field) => field.getByRole('checkbox').check(),
    told: true,
    back: async (field) => expect(await field.getByRole('checkbox').isChecked()).toBe(true),
  },
  { input: 'size', kind: 'choice', give: check('large'), told: 'large', back: checked('large') },
  { input: 'scale', kind: 'choice', give: check('4'), told: 4, back: checked('4') },
  {
    input: 'letter',
    kind: 'choice',
    give: fill('omega'),
    told: 'omega',
    async back(field) {
      await value('omega')(field)
      const list = await box(field).getAttribute('list')
      expect(await field.locator(`datalist[id="${list}"] option`).count()).toBe(24)
    },
    wrong: { give: fill('aleph'), says: '“aleph” is not one of the choices.' },
  },
  {
    input: 'day',
    kind: 'date',
    give: fill('2026-04-01'),
    told: '2026-04-01',
    back: value('2026-04-01'),
  },
  {
    input: 'moment',
    kind: 'date-time',
    give: fill('2026-04-01T14:30'),
    told: '2026-04-01T14:30:00Z',
    back: value('2026-04-01T14:30'),
  },
  {
    input: 'hour',
    kind: 'time',
    give: fill('14:30:05'),
    told: '14:30:05Z',
    back: value('14:30:05'),
  },
  {
    input: 'colour',
    kind: 'colour',
    give: fill('#336699'),
    told: '#336699',
    back: value('#336699'),
  },
  {
    input: 'tint',
    kind: 'colour',
    back: async (field) => expect(await field.getByRole('checkbox').isChecked()).toBe(true),
  },
  {
    input: 'file',
    kind: 'file',
    give: (field) => field.locator('[type=file]').setInputFiles(text),
    told: { name: 'note.txt', type: 'text/plain', size: 4 },
    back: async (field) =>
      expect(await field.locator('.upload-name').textContent()).toMatch(/note\.txt.*4 B, uploaded/),
    wrong: {
      give: (field) => field.locator('[inputmode=url]').fill('ftp://example.com/a'),
      says: '“ftp://example.com/a” is not the URL of a file. Use one that starts with https://.',
    },
  },
  {
    input: 'files',
    kind: 'rows',
    give: (field) => field.locator('[type=file]').setInputFiles([text, more]),
    told: [
      { name: 'note.txt', type: 'text/plain', size: 4 },
      { name: 'more.txt', type: 'text/plain', size: 9 },
    ],
    back: async (field) =>
      expect(await field.locator('.rows .upload-name a').allTextContents()).toEqual([
        'note.txt',
        'more.txt',
      ]),
  },
  {
    input: 'settings',
    kind: 'json',
    give: fill('{"depth": 1, "sides": ["west"]}'),
    told: { depth: 1, sides: ['west'] },
    back: async (field) =>
      expect(JSON.parse(await box(field).inputValue())).toEqual({ depth: 1, sides: ['west'] }),
    wrong: { give: fill('{\n  "depth": 1,\n  sides: []\n}'), says: 'line 3, column 3' },
  },
  {
    input: 'points',
    kind: 'json',
    give: fill('[{"x": 1, "y": 2}]'),
    told: [{ x: 1, y: 2 }],
    back: async (field) =>
      expect(JSON.parse(await box(field).inputValue())).toEqual([{ x: 1, y: 2 }]),
    wrong: { give: fill('[{"x": "one"}]'), says: 'x' },
  },
  {
    input: 'note',
    kind: 'text',
    back: async (field) => expect(await box(field).getAttribute('placeholder')).toBe('not set'),
  },
  {
    input: 'old',
    kind: 'text',
    back: async (field) =>
      expect(await field.locator('small').textContent()).toContain('deprecated'),
  },
  {
    input: 'password',
    kind: 'secret',
    give: fill('sesame'),
    told: { length: 6 },
    back: value(''),
  },
]

const largeBytes = 100 * 2 ** 20
const inputs = (field: Locator) => field.locator('.rows :is(input:not([type=hidden]), textarea)')
const kitchenSink = '/sandpit/kitchen-sink?blank'

let server: Server
let browser: Browser
let photo: Buffer
let elsewhere: ReturnType<typeof createServer>
beforeAll(async () => {
  photo = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#a86' } })
    .png()
    .toBuffer()
  elsewhere = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'image/png' }).end(photo)
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  server = await startServer({ environment: { SANDPIT_OUTBOUND_ALLOW: elsewhereUrl() } })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop('SIGKILL')
  elsewhere?.close()
})

const elsewhereUrl = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(new URL(path, server.url).href)
  await unfold(page)
  return page
}

async function unfold(page: Page): Promise<void> {
  for (const more of await page.locator('details.more:not([open]) > summary').all())
    await more.click()
}

/** The part of the form that is for one input: an element of its own name. */
function fieldOf(page: Page, input: string): Locator {
  return page.locator('.field', {
    has: page.locator(`.field-name[for="input-${input}"], .field-name#input-${input}-name`),
  })
}

const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

/** Presses Run; what the model was told. */
async function told(page: Page): Promise<Record<string, unknown>> {
  await run(page)
  await page.waitForURL(/[?]prediction=[a-z2-7]{26}/)
  await eventually(async () => {
    const panel = await (await page.request.get(`${server.url}${recordOf(page)}/panel`)).text()
    expect(panel).toContain('aria-busy="false"')
  })
  return (await page.request.get(`${server.url}${recordOf(page)}/output.json`)).json()
}

it('names every kind of widget there is, and every input of the kitchen sink', async () => {
  const kinds = new Set(widgets.map(({ kind }) => kind))
  expect(kinds).toEqual(new Set(fieldTypes.map(({ kind }) => kind)))
  const page = await open(kitchenSink)
  const names = await page.locator('.field-name').allTextContents()
  expect(widgets.map(({ input }) => input).sort()).toEqual(names.sort())
  await page.context().close()
})

describe.each([
  { scripts: 'with scripts', options: {} },
  { scripts: 'without scripts', options: { javaScriptEnabled: false } },
])('$scripts', ({ options }) => {
  describe('what is filled in', () => {
    let page: Page
    let given: Record<string, unknown>
    beforeAll(async () => {
      page = await open(kitchenSink, options)
      for (const { input, give } of widgets) {
        await unfold(page)
        await give?.(fieldOf(page, input), page)
      }
      given = await told(page)
      const id = idInAddress(page.url())
      await page.goto(`${server.url}/sandpit/kitchen-sink?from=${id}`)
      await unfold(page)
    })
    afterAll(() => page?.context().close())

    it.each(widgets)('reaches the model and comes back: $kind $input', async (widget) => {
      expect(given[widget.input]).toEqual(widget.told)
      await widget.back(fieldOf(page, widget.input))
    })
  })

  describe('what is wrong', () => {
    let page: Page
    beforeAll(async () => {
      page = await open(kitchenSink, options)
      await page.locator('#prediction-form').evaluate((form: HTMLFormElement) => {
        form.noValidate = true
      })
      await fieldOf(page, 'files').locator('[type=file]').setInputFiles([text, more])
      for (const { input, wrong } of widgets) await wrong?.give(fieldOf(page, input))
      await run(page)
      await page.waitForSelector('#problems')
    })
    afterAll(() => page?.context().close())

    it.each(widgets.filter(({ wrong }) => wrong))('is marked: $kind $input', async (widget) => {
      const field = fieldOf(page, widget.input)
      expect(await field.locator('.field-error').textContent()).toContain(widget.wrong?.says)
      const marked = field.locator('[aria-invalid=true]').first()
      const described = (await marked.getAttribute('aria-describedby'))?.split(' ') ?? []
      expect(described).toContain(await field.locator('.field-error').getAttribute('id'))
      const link = page.locator('#problems a', { hasText: new RegExp(`^${widget.input}$`) })
      await link.click()
      expect(await field.locator(':target').count()).toBe(1)
    })

    it('loses nothing of the rest', async () => {
      expect(
        await fieldOf(page, 'files').locator('.rows .upload-name a').allTextContents(),
      ).toEqual(['note.txt', 'more.txt'])
      expect(await box(fieldOf(page, 'integer')).inputValue()).toBe('1.5')
    })
  })

  it('takes a file by its address', async () => {
    const page = await open(kitchenSink, options)
    await box(fieldOf(page, 'line')).fill('x')
    await fieldOf(page, 'file').locator('[inputmode=url]').fill(`${elsewhereUrl()}/harbour.png`)
    expect((await told(page)).file).toMatchObject({ type: 'image/png', size: photo.length })
    await page.context().close()
  })

  it('takes a file that was made before', async () => {
    const page = await open('/sandpit/qr-code?example=default', options)
    await run(page)
    await page.waitForURL(/[?]prediction=/)
    await page.waitForSelector('[data-status=succeeded]')
    await page.goto(server.url + kitchenSink)
    await unfold(page)
    await box(fieldOf(page, 'line')).fill('still here')
    const field = fieldOf(page, 'file')
    await field.getByRole('button', { name: 'Previous outputs for file' }).click()
    await field.locator('.earlier label', { hasText: 'sandpit/qr-code' }).first().click()
    expect(await box(fieldOf(page, 'line')).inputValue()).toBe('still here')
    expect((await told(page)).file).toMatchObject({ type: expect.stringMatching(/^image\//) })
    await page.context().close()
  })

  it('lets go of a file', async () => {
    const page = await open(kitchenSink, options)
    await box(fieldOf(page, 'line')).fill('x')
    await fieldOf(page, 'file').locator('[type=file]').setInputFiles(text)
    await page.getByRole('button', { name: 'JSON', exact: true }).click()
    expect(await page.getByLabel('Input as JSON').inputValue()).toContain('"file"')
    await page.getByRole('button', { name: 'Form', exact: true }).click()
    await page.locator('.upload').waitFor()
    await unfold(page)
    await fieldOf(page, 'file').getByRole('button', { name: 'Remove' }).click()
    await page.locator('.upload').waitFor({ state: 'detached' })
    expect((await told(page)).file).toBeUndefined()
    await page.context().close()
  })
})

it('links a slider to its number, both ways', async () => {
  const page = await open(kitchenSink)
  const steps = fieldOf(page, 'steps')
  await steps.getByRole('slider').fill('44')
  expect(await box(steps).inputValue()).toBe('44')
  await box(steps).fill('12')
  expect(await steps.getByRole('slider').inputValue()).toBe('12')
  await page.context().close()
})

describe('a file field', () => {
  /** Lets files go over, or pastes them into, an element: as the browser does it. */
  async function hand(
    page: Page,
    way: 'dragover' | 'drop' | 'paste',
    onto: string,
    names: string[],
  ) {
    await page.evaluate(
      ([way, onto, names, bytes]) => {
        const carried = new DataTransfer()
        for (const name of names)
          carried.items.add(new File([Uint8Array.from(bytes)], name, { type: 'image/png' }))
        const how = { bubbles: true, cancelable: true }
        const event =
          way === 'paste'
            ? new ClipboardEvent(way, { ...how, clipboardData: carried })
            : new DragEvent(way, { ...how, dataTransfer: carried })
        document.querySelector(onto)?.dispatchEvent(event)
      },
      [way, onto, names, [...photo]] as const,
    )
  }
  /** The script of file inputs is loaded when one is used, so what was chosen may be shown later. */
  const expectChosen = (page: Page, input: string, names: string[]) =>
    eventually(async () => {
      const shown = fieldOf(page, input).locator('.chosen .upload-name > span')
      expect(await shown.allTextContents()).toEqual(names)
    })

  it('takes what is dropped on the page, where it is the only one that could', async () => {
    const page = await open('/sandpit/image-tools')
    const outline = () =>
      page.locator('.file-field').evaluate((field) => getComputedStyle(field).outlineStyle)
    // Browsers report it again and again.
    await eventually(async () => {
      await hand(page, 'dragover', 'footer', ['a.png'])
      expect(await outline()).toBe('dashed')
    })
    await hand(page, 'drop', 'footer', ['a.png'])
    expect(await outline()).toBe('none')
    await expectChosen(page, 'photo', ['a.png'])
    await run(page)
    await page.waitForSelector('[data-status=succeeded]')
    await page.context().close()
  })

  it('takes several where several go, by dropping and by pasting', async () => {
    const page = await open(kitchenSink)
    await box(fieldOf(page, 'line')).fill('x')
    await hand(page, 'drop', '#input-files', ['a.png', 'b.png'])
    await hand(page, 'paste', '#input-files', ['c.png'])
    await hand(page, 'drop', '#input-file', ['one.png', 'two.png'])
    await expectChosen(page, 'files', ['a.png', 'b.png', 'c.png'])
    await expectChosen(page, 'file', ['one.png'])
    await fieldOf(page, 'files').getByRole('button', { name: 'Remove b.png' }).click()
    const { files } = await told(page)
    expect(files).toMatchObject([{ name: 'a.png' }, { name: 'c.png' }])
    await page.context().close()
  })

  it('takes what is pasted anywhere on the page, where it is the first that is free', async () => {
    const page = await open(kitchenSink)
    const status = page.locator('#pasted')
    await hand(page, 'paste', 'body', ['a.png'])
    await expectChosen(page, 'file', ['a.png'])
    expect(await status.textContent()).toContain('a.png was pasted into file.')
    await hand(page, 'paste', '#input-line', ['b.png'])
    await expectChosen(page, 'files', ['b.png'])
    await fieldOf(page, 'file').getByRole('button', { name: 'Remove a.png' }).click()
    expect(await status.textContent()).toBe('')
    await expectChosen(page, 'file', [])
    await page.context().close()
  })

  it('says that a paste found no free field, and leaves text to the box it is pasted into', async () => {
    const page = await open('/sandpit/image-tools')
    await hand(page, 'paste', 'body', ['a.png'])
    await hand(page, 'paste', 'body', ['b.png'])
    await expectChosen(page, 'photo', ['a.png'])
    await eventually(async () =>
      expect(await page.locator('#pasted').textContent()).toContain('b.png was not pasted'),
    )
    await fieldOf(page, 'photo').getByRole('button', { name: 'Remove a.png' }).click()
    const isLeft = await page
      .locator('[type=number]')
      .first()
      .evaluate((box) => {
        const clipboardData = new DataTransfer()
        clipboardData.items.add(new File(['x'], 'c.png', { type: 'image/png' }))
        clipboardData.setData('text/plain', 'text')
        const how = { bubbles: true, cancelable: true, clipboardData }
        return box.dispatchEvent(new ClipboardEvent('paste', how))
      })
    expect(isLeft).toBe(true)
    await expectChosen(page, 'photo', [])
    await page.context().close()
  })

  it('takes what comes before its script is there', async () => {
    const page = await open(kitchenSink)
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    const script = '**/assets/more.*.js'
    await page.route(script, async (route) => {
      await held
      await route.continue()
    })
    const asked = page.waitForRequest(script)
    await hand(page, 'paste', 'body', ['pasted.png'])
    await asked
    await hand(page, 'drop', '#input-files', ['dropped.png'])
    go()
    await expectChosen(page, 'file', ['pasted.png'])
    await expectChosen(page, 'files', ['dropped.png'])
    await page.context().close()
  })

  it('shows what was chosen: pictures, sounds, films, and the rest by name', async () => {
    const page = await open(kitchenSink)
    const files = [
      { name: 'a.png', mimeType: 'image/png', buffer: photo },
      { name: 'b.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF') },
      { name: 'c.mp4', mimeType: 'video/mp4', buffer: Buffer.from('film') },
      text,
    ]
    const field = fieldOf(page, 'files')
    await field.locator('[type=file]').setInputFiles(files)
    const picture = field.locator('.chosen img')
    await eventually(async () =>
      expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64),
    )
    await expectChosen(page, 'files', ['a.png', 'b.wav', 'c.mp4', 'note.txt'])
    expect(await field.locator('.chosen .upload').first().textContent()).toMatch(/64 × 48, \d+ B/)
    expect(await field.locator('.chosen .upload').last().textContent()).toContain('4 B')
    await page.context().close()
  })

  it('shows what was chosen in place of the file that was kept, until it is let go', async () => {
    const page = await open('/sandpit/image-tools?example=default')
    const field = fieldOf(page, 'photo')
    const names = () => field.locator('.upload-name:visible').allTextContents()
    expect(await names()).toEqual([expect.stringContaining('from the example')])
    await field.locator('[type=file]').first().setInputFiles(text)
    await eventually(async () =>
      expect(await names()).toEqual([expect.stringContaining('note.txt')]),
    )
    await field.getByRole('button', { name: 'Remove' }).click()
    expect(await names()).toEqual([expect.stringContaining('from the example')])
    await page.context().close()
  })

  it('opens the camera of a phone, beside the files', async () => {
    const page = await open('/sandpit/image-tools', { hasTouch: true, isMobile: true })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Take a photo' }).click()
    await (await chooser).setFiles({ name: 'IMG.png', mimeType: 'image/png', buffer: photo })
    await expectChosen(page, 'photo', ['IMG.png'])
    expect(await page.locator('[type=file]').getAttribute('capture')).toBeNull()
    await page.context().close()
  })

  it('finds what was made before by its name', async () => {
    const page = await open('/sandpit/qr-code?example=default')
    for (let made = 0; made < 5; made++) {
      await run(page)
      await page.waitForURL(/[?]prediction=/)
      await page.waitForSelector('[data-status=succeeded]')
      await page.goto(`${server.url}/sandpit/qr-code?example=default`)
    }
    await page.goto(`${server.url}/sandpit/image-tools`)
    await page.getByRole('button', { name: 'Previous outputs for photo' }).click()
    const labels = page.locator('.earlier label:visible')
    await labels.first().waitFor()
    await page.getByRole('searchbox', { name: 'Filter' }).fill('no such name')
    expect(await labels.count()).toBe(0)
    await page.getByRole('searchbox', { name: 'Filter' }).fill('QR-CODE')
    expect(await labels.count()).toBeGreaterThanOrEqual(5)
    await page.context().close()
  })
})

describe('sending files', () => {
  let proxy: FaultyProxy
  let large: string
  beforeAll(async () => {
    proxy = await startFaultyProxy(server.port)
    large = join(mkdtempSync(join(tmpdir(), 'sandpit-large-')), 'large.bin')
    writeFileSync(large, '')
    truncateSync(large, largeBytes)
  })
  afterAll(() => proxy?.close())

  async function fillIn(file: string | typeof text): Promise<Page> {
    proxy.become('pass')
    const page = await open(`${proxy.url}${kitchenSink}`)
    await box(fieldOf(page, 'line')).fill('typed')
    await fieldOf(page, 'file').locator('[type=file]').setInputFiles(file)
    return page
  }
  const sending = (page: Page) => page.locator('.sending')
  const unsent = (page: Page) => page.locator('.unsent')

  async function isAsItWas(page: Page, name: string) {
    expect(await page.locator('#prediction').count()).toBe(0)
    expect(await box(fieldOf(page, 'line')).inputValue()).toBe('typed')
    const field = fieldOf(page, 'file').locator('[type=file]')
    const names = await field.evaluate((input: HTMLInputElement) =>
      [...(input.files ?? [])].map((file) => file.name),
    )
    expect(names).toEqual([name])
    expect(await sending(page).isVisible()).toBe(false)
  }

  it('says how far a large one is, stops on demand, and sends all of it when asked again', async () => {
    const page = await fillIn(large)
    expect(await sending(page).isVisible()).toBe(false)
    proxy.become('hold')
    await run(page)
    await sending(page).waitFor()
    await eventually(async () =>
      expect(await sending(page).textContent()).toMatch(/\d+ %, [\d.]+ [KM]?B of 100 MB/),
    )
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Stop' }).click()
    await sending(page).waitFor({ state: 'hidden' })
    expect(await unsent(page).isVisible()).toBe(false)
    await isAsItWas(page, 'large.bin')
    proxy.become('pass')
    expect((await told(page)).file).toMatchObject({ name: 'large.bin', size: largeBytes })
    await page.context().close()
  })

  it.each([
    {
      what: 'a line that breaks',
      mood: 'hang up',
      says: 'could not be reached, or the connection was lost',
    },
    {
      what: 'a proxy that takes less',
      mood: 'too large',
      says: 'larger than a proxy in front of the server',
    },
  ] as const)('says so and loses nothing: $what', async ({ mood, says }) => {
    const page = await fillIn(text)
    proxy.become(mood)
    await run(page)
    await unsent(page).waitFor()
    expect(await unsent(page).textContent()).toContain(says)
    await isAsItWas(page, 'note.txt')
    proxy.become('pass')
    await run(page)
    await page.waitForSelector('#prediction')
    expect(await unsent(page).isVisible()).toBe(false)
    await page.context().close()
  })

  it('says why the server itself did not take a form', async () => {
    const page = await open(`${proxy.url}${kitchenSink}`)
    await page
      .locator('[name=model]')
      .first()
      .evaluate((model: HTMLInputElement) => {
        model.value = 'sandpit/gone'
      })
    await box(fieldOf(page, 'line')).fill('typed')
    await run(page)
    await unsent(page).waitFor()
    expect(await unsent(page).textContent()).toContain('no model, prediction or page at this')
    expect(await box(fieldOf(page, 'line')).inputValue()).toBe('typed')
    await page.context().close()
  })

  it('says so when a form without files is not taken', async () => {
    const page = await open(`${proxy.url}${kitchenSink}`)
    await box(fieldOf(page, 'line')).fill('typed')
    proxy.become('hang up')
    await run(page)
    await unsent(page).waitFor()
    expect(await box(fieldOf(page, 'line')).inputValue()).toBe('typed')
    proxy.become('pass')
    await page.context().close()
  })
})
