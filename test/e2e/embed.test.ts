import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { root } from '../../src/root.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const sharpPath = createRequire(import.meta.url).resolve('sharp')

/** Two models that each do a step, and the chain of them. Models of real faces come with weights of their own. */
const models = writeModels({
  cut: `
    import { readFile } from 'node:fs/promises'
    import sharp from '${sharpPath}'
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'guide/face-cut', description: 'Cuts the middle out of a picture.',
      input: z.object({ picture: file() }), output: file(),
      async run({ picture }, ctx) {
        const cut = await sharp(await readFile(picture.path)).resize(32, 32, { fit: 'cover' }).png().toBuffer()
        return ctx.file(cut, { name: 'face.png' })
      },
    })`,
  paste: `
    import { readFile } from 'node:fs/promises'
    import sharp from '${sharpPath}'
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'guide/face-paste', description: 'Pastes a picture into another one.',
      input: z.object({ picture: file(), face: file() }), output: file(),
      async run({ picture, face }, ctx) {
        const input = await readFile(face.path)
        const pasted = await sharp(await readFile(picture.path)).composite([{ input }]).png().toBuffer()
        return ctx.file(pasted, { name: 'swapped.png' })
      },
    })`,
  swap: `
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'guide/face-swap', description: 'Puts the face of one picture into another.',
      input: z.object({ picture: file(), face: file() }), output: file(),
      async run({ picture, face }, ctx) {
        const cut = await ctx.run('guide/face-cut', { picture: face })
        return ctx.run('guide/face-paste', { picture, face: cut })
      },
    })`,
})

const htmx = join(root, 'node_modules/htmx.org/dist/htmx.min.js')
let host: Server

/** Pages of another origin. Sandpit’s address is put into them when they are asked for. */
async function startHost(): Promise<string> {
  host = createServer(({ url = '' }, response) => {
    if (url === '/htmx.js') return response.end(readFileSync(htmx))
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(pages[url]?.() ?? '')
  }).listen(0, '127.0.0.1')
  await once(host, 'listening')
  return `http://127.0.0.1:${(host.address() as AddressInfo).port}`
}

const pages: Readonly<Record<string, () => string>> = {
  '/face-swap': () =>
    readFileSync(join(root, 'docs/examples/face-swap.html'), 'utf8')
      .replaceAll('https://sandpit.example', site.server.url)
      .replace(/https:\/\/cdn[^"]*/, '/htmx.js'),
  '/framed': () =>
    `<iframe src="${site.server.url}/embed/guide/face-swap" title="Face swap"></iframe>
     <script src="${site.server.url}/embed.js"></script>`,
}

let origin = ''
const site = startSite(async () => {
  origin = await startHost()
  return { environment: { SANDPIT_EMBED_ORIGINS: origin, SANDPIT_MODELS: models } }
})
afterAll(() => host.close())

async function picture(name: string, background: string) {
  const create = { width: 64, height: 64, channels: 3, background } as const
  return { name, mimeType: 'image/png', buffer: await sharp({ create }).png().toBuffer() }
}

it.each([true, false])(
  'swaps faces on a page of another origin, with scripts: %s',
  async (javaScriptEnabled) => {
    const page = await (await site.browser.newContext({ javaScriptEnabled })).newPage()
    await page.goto(`${origin}/face-swap`)
    await page.getByLabel('Picture').setInputFiles(await picture('a.png', '#ff0000'))
    await page.getByLabel('Face').setInputFiles(await picture('b.png', '#0000ff'))
    await page.getByRole('button', { name: 'Swap' }).click()
    const result = page.locator('#result img').last()
    await result.waitFor()
    const shown = await result.evaluate((image: HTMLImageElement) =>
      image.decode().then(() => image.naturalWidth),
    )
    expect(shown).toBe(64)
    expect(page.url() === `${origin}/face-swap`).toBe(javaScriptEnabled)
    expect(await page.context().cookies()).toEqual([])
    await page.context().close()
  },
)

it('makes a frame as high as its content', async () => {
  const page = await (await site.browser.newContext()).newPage()
  await page.goto(`${origin}/framed`)
  await page
    .frameLocator('iframe')
    .getByRole('button', { name: 'Run', exact: true })
    .last()
    .waitFor()
  await page.waitForFunction(() => (document.querySelector('iframe')?.offsetHeight ?? 0) > 200)
  await page.context().close()
})
