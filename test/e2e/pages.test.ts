import type { Browser, BrowserContextOptions, Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { expectDrawn } from '../support/drawn.ts'
import { eventually } from '../support/eventually.ts'
import { type Server, startServer } from '../support/server.ts'

let browser: Browser
let photo: Buffer
beforeAll(async () => {
  browser = await startBrowser()
  // A photograph as a camera writes it: large, noisy, and turned by its EXIF.
  photo = await sharp({
    create: {
      width: 3000,
      height: 2000,
      channels: 3,
      background: '#886644',
      noise: { type: 'gaussian', mean: 120, sigma: 40 },
    },
  })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 90 })
    .toBuffer()
})
afterAll(() => browser?.close())

describe.each([
  { where: 'at the root of a host', base: '' },
  { where: 'under a path', base: '/sandpit-test' },
])('served $where', ({ base }) => {
  let server: Server
  beforeAll(async () => {
    server = await startServer({ base })
  })
  afterAll(async () => {
    await server?.stop('SIGKILL')
  })

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(server.url + path)
    return page
  }

  const runButton = (page: Page) => page.getByRole('button', { name: 'Run', exact: true })

  it('brings its stylesheet with the first page, and links to it from then on', async () => {
    const page = await open('/')
    const problems: string[] = []
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.resourceType() !== 'image') asked.push(new URL(request.url()).pathname)
    })
    const isStyled = () =>
      page.locator('.site-head').evaluate((head) => getComputedStyle(head).display === 'flex')
    expect(await page.locator('head > style').count()).toBe(1)
    expect(await isStyled()).toBe(true)
    expect(asked).toEqual([])
    await page.mouse.move(1, 300)
    await page.mouse.wheel(0, 10)
    await page.keyboard.press('Shift')
    expect(asked).toEqual([])
    await page.getByRole('link', { name: 'Predictions' }).hover()
    await eventually(async () =>
      expect(asked.join()).toMatch(/^(?:\/[\w-]+)?\/assets\/app\.\w+\.css$/),
    )
    await page.reload()
    expect(await page.locator('head > style').count()).toBe(0)
    expect(await isStyled()).toBe(true)
    // A page under a name of its own, so that it comes from the server and not from a cache of pages.
    await page.goto(`${server.url}/predictions`)
    const size = await page.evaluate(() => {
      const sheet = document.querySelector<HTMLLinkElement>('link[rel=stylesheet]')?.href ?? ''
      const [entry] = performance.getEntriesByName(sheet)
      return entry instanceof PerformanceResourceTiming ? entry.transferSize : -1
    })
    expect(size).toBe(0)
    expect(problems).toEqual([])
  })

  describe('without scripts', () => {
    const off = { javaScriptEnabled: false }

    it('goes the whole way: form, run, watch, cancel, link, list, delete', async () => {
      const page = await open('/', off)
      await page.getByRole('link', { name: /countdown/ }).click()
      await page.locator('input[type=range]').first().waitFor({ state: 'hidden' })
      await page.locator('[name="input.from"]').fill('60')
      await page.locator('[name="input.interval"]').fill('5')
      await runButton(page).click()
      expect(page.url()).toMatch(/\?prediction=[a-z2-7]{26}#result$/)
      expect(await page.locator('#prediction').getAttribute('aria-busy')).toBe('true')
      // The page looks again by itself: a later state arrives without a click.
      const first = await page
        .locator('#prediction .stream')
        .textContent()
        .catch(() => '')
      await page.waitForFunction(
        (seen) => (document.querySelector('#prediction .stream')?.textContent ?? '') !== seen,
        first,
      )
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.waitForSelector('[data-status=canceled]')
      const link = await page.locator('.prediction-id a').evaluate((a: HTMLAnchorElement) => a.href)

      const elsewhere = await open(new URL(link).pathname.slice(base.length), off)
      expect(await elsewhere.locator('.given').first().textContent()).toContain('60')
      expect(await elsewhere.locator('#logs').textContent()).toContain('tick 60')
      await elsewhere.context().close()

      await page.goto(`${server.url}/predictions`)
      expect(await page.locator('.history li').first().textContent()).toContain('countdown')
      await page.locator('.history li a').first().click()
      await page.getByRole('link', { name: 'Delete' }).click()
      await page.getByRole('button', { name: 'Delete' }).click()
      expect((await page.goto(link))?.status()).toBe(404)
      await page.context().close()
    })

    it('takes a real photograph and gives a picture back', async () => {
      const page = await open('/sandpit/image-tools', off)
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'IMG 0217.jpg', mimeType: 'image/jpeg', buffer: photo })
      await runButton(page).click()
      await page.waitForSelector('[data-status=succeeded]')
      const picture = page.locator('#prediction img').first()
      await expectDrawn(picture)
      await page.context().close()
    })

    it('keeps what was typed and uploaded when something is wrong', async () => {
      const page = await open('/sandpit/image-tools', off)
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'kept.jpg', mimeType: 'image/jpeg', buffer: photo })
      await page.locator('#prediction-form').evaluate((form: HTMLFormElement) => {
        form.noValidate = true
      })
      const box = page.locator('#prediction-form input[type=number]').first()
      await box.fill('-99999')
      await runButton(page).click()
      expect(await page.locator('.error-summary').textContent()).toContain('too low')
      expect(await page.locator('.upload-name').textContent()).toContain('kept.jpg')
      expect(await page.locator('.thumb img').count()).toBe(1)
      await page.context().close()
    })

    it('remembers the theme that was chosen', async () => {
      const page = await open('/', off)
      await page.getByRole('button', { name: 'Dark' }).click()
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
      await page.goto(`${server.url}/predictions`)
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
      await page.getByRole('button', { name: 'System' }).click()
      expect(await page.locator('html').getAttribute('data-theme')).toBeNull()
      await page.context().close()
    })
  })

  it('closes a menu by Escape, and by a click elsewhere', async () => {
    const page = await open('/sandpit/qr-code?example=default')
    await runButton(page).click()
    await page.waitForSelector('[data-status=succeeded]')
    const button = page.locator('.menu > summary')
    const isOpen = () => page.locator('.menu').evaluate((menu: HTMLDetailsElement) => menu.open)
    await button.press('Enter')
    expect(await isOpen()).toBe(true)
    await page.locator('.menu a').first().press('Escape')
    expect(await isOpen()).toBe(false)
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
    await button.click()
    expect(await isOpen()).toBe(true)
    await page.locator('#prediction-status').click()
    expect(await isOpen()).toBe(false)
    await page.context().close()
  })

  describe('sharing', () => {
    it('shows a prediction to anyone with the link, until it ends', async () => {
      const page = await open('/sandpit/image-tools')
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'shared.jpg', mimeType: 'image/jpeg', buffer: photo })
      await runButton(page).click()
      await page.waitForSelector('[data-status=succeeded]')
      await page.getByRole('link', { name: 'Share', exact: true }).click()
      await page.getByRole('button', { name: 'Make the link' }).click()
      const link = await page.getByLabel('Link 1 to share').inputValue()
      expect(link).toMatch(/\/s\/[a-z2-7]{26}$/)

      const shared = await open(new URL(link).pathname.slice(base.length))
      expect(await shared.getByRole('button', { name: /Delete|Cancel|Share/ }).count()).toBe(0)
      const picture = shared.locator('#prediction img').first()
      await expectDrawn(picture)
      expect(await shared.locator('meta[name=robots]').getAttribute('content')).toBe('noindex')
      const thumbnail = await shared.locator('meta[property="og:image"]').getAttribute('content')
      const drawn = await fetch(thumbnail ?? '')
      const bytes = Buffer.from(await drawn.arrayBuffer())
      expect(drawn.headers.get('Content-Type')).toBe('image/jpeg')
      expect(bytes.length).toBeLessThan(1_000_000)
      expect((await sharp(bytes).metadata()).width).toBeLessThanOrEqual(1200)
      const src = (await picture.getAttribute('src')) ?? ''
      expect(src).toContain('/s/')

      const end = page.getByRole('button', { name: 'End link 1' })
      await end.click()
      await end.waitFor({ state: 'detached' })
      const ended = await shared.goto(link)
      expect(ended?.status()).toBe(410)
      expect(await shared.locator('main').textContent()).toContain('It was revoked')
      expect((await fetch(new URL(src, link))).status).toBe(404)
      await shared.context().close()
      await page.context().close()
    })
  })
})
