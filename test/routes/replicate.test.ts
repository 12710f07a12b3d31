import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { providerOver, type ReplicaOptions } from '../providers/support/replica.ts'
import {
  type ScriptedModel,
  startReplicate,
  token,
  versionOf,
} from '../providers/support/replicate-server.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const flux: ScriptedModel = {
  input: { prompt: { type: 'string' } },
  readme: '# About flux',
  shown: { description: 'It draws.', default_example: { input: { prompt: 'a cat' } } },
  run: (run) => run.make(`a drawing of ${run.input.prompt ?? run.input.text}`),
}

async function setUp(shown: ScriptedModel['shown'] = {}, options: ReplicaOptions = {}) {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-replicate-'))
  const server = await startReplicate({
    'ann/flux': { ...flux, shown: { ...flux.shown, ...shown } },
  })
  const given = options.token === null ? {} : { REPLICATE_API_TOKEN: token }
  const sandpit = await createTestApp({
    data,
    environment: { ...given },
    providers: () => [providerOver(server, join(data, 'replicate'), options)],
  })
  onTestFinished(async () => {
    await sandpit.close()
    await server.close()
    rmSync(data, { recursive: true, force: true })
  })
  const visitor = createVisitor(sandpit)
  return {
    ...sandpit,
    server,
    visitor,
    async page(path: string) {
      const response = await visitor.request(path)
      return { status: response.status, text: await response.text() }
    },
    async made(response: Response) {
      const id = idIn(response)
      return sandpit.runner.settledWithin(id, 60_000)
    },
  }
}

describe('the search at Replicate', () => {
  it('is a link beside the results here, which htmx follows at once', async () => {
    const { page, visitor, server } = await setUp()
    const here = await page('/?q=flux')
    expect(here.text).toContain('href="/search?q=flux">Search Replicate too</a>')
    expect(here.text).toContain('hx-get="/search?q=flux"')
    expect(server.asked('GET search')).toHaveLength(0)
    const found = await page('/search?q=flux')
    expect(found.text).toContain('<a href="/ann/flux">')
    expect(found.text).toContain('It is &lt;flux&gt;.')
    expect(found.text).toContain('1,234 runs')
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
    const part = await visitor.request('/search?q=flux', { headers })
    expect(await part.text()).toMatch(/^<section class="models"/)
    expect(server.asked('GET search')).toHaveLength(1)
    expect((await page('/search?q=zzz')).text).toContain('No model matches there.')
    expect((await page('/search')).status).toBe(404)
  })

  it('says why it failed, and is not there without a token', async () => {
    const { page, server } = await setUp()
    server.failNext('GET search', 'garbage')
    const failed = await page('/search?q=flux')
    expect(failed.status).toBe(200)
    expect(failed.text).toMatch(/<p class="hint">[A-Z][^<]+\.<\/p>/)
    expect((await page('/search?q=flux')).text).toContain('href="/ann/flux"')
    const without = await setUp({}, { token: null })
    expect((await without.page('/?q=flux')).text).not.toContain('/search?q')
    expect((await without.page('/search?q=flux')).status).toBe(404)
  })
})

describe('a model at Replicate', () => {
  it('opens at its name with a form, its README and its example, and runs', async () => {
    const { page, visitor, made } = await setUp()
    const opened = await page('/ann/flux')
    expect(opened.status).toBe(200)
    expect(opened.text).toContain('It draws.')
    expect(opened.text).toContain('name="input.prompt"')
    expect((await page('/ann/flux?example=default')).text).toContain('a cat</textarea>')
    expect((await page('/ann/flux/readme')).text).toContain('About flux')
    const prediction = await made(await visitor.run('ann/flux', { prompt: 'a dog' }))
    expect(prediction).toMatchObject({ status: 'succeeded', output: 'a drawing of a dog' })
  })

  it('opens and runs as of an earlier version', async () => {
    const { page, visitor, made, server } = await setUp()
    const old = {
      ...versionOf('ann/flux', { input: { text: { type: 'string' } } }),
      id: 'a'.repeat(64),
    }
    server.keepVersion('ann/flux', old)
    for (const address of [`/ann/flux:${old.id}`, `/ann/flux?version=${old.id}`]) {
      const opened = await page(address)
      expect(opened.text).toContain('name="input.text"')
      expect(opened.text).toContain(old.id)
    }
    const prediction = await made(await visitor.run(`ann/flux:${old.id}`, { text: 'a dog' }))
    expect(prediction).toMatchObject({ version: old.id, output: 'a drawing of a dog' })
    const [asked] = server.asked('POST predictions')
    expect(JSON.parse(String(asked?.body)).version).toBe(`ann/flux:${old.id}`)
    expect((await page(`/ann/flux:${'b'.repeat(64)}`)).status).toBe(404)
  })

  it('that is not there is not found, and one that cannot be asked about says why', async () => {
    const { page, server } = await setUp()
    expect((await page('/ann/nothing')).status).toBe(404)
    server.fail(() => ({ status: 401 }))
    const troubled = await page('/ann/flux')
    expect(troubled.text).toContain('refused the token in REPLICATE_API_TOKEN')
    expect(troubled.text).toContain('Reload the page')
  })

  it('is not looked for without a token, and the page says how to set one', async () => {
    const { page, server } = await setUp({}, { token: null })
    const { status, text } = await page('/ann/flux')
    expect(status).toBe(404)
    expect(text).toContain('REPLICATE_API_TOKEN')
    expect((await page('/p/nothing')).text).not.toContain('REPLICATE_API_TOKEN')
    expect(server.seen).toEqual([])
  })

  it('has its cover served by us', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
    const pictures = createServer((_, response) => response.end(png)).listen(0, '127.0.0.1')
    await new Promise((resolve) => pictures.once('listening', resolve))
    onTestFinished(() => void pictures.close())
    const origin = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`
    const { page, visitor } = await setUp({ cover_image_url: `${origin}/x` }, { allow: [origin] })
    expect((await page('/ann/flux')).text).toContain('src="/ann/flux/assets/cover"')
    const cover = await visitor.request('/ann/flux/assets/cover')
    expect(cover.headers.get('Content-Type')).toBe('image/png')
    expect(Buffer.from(await cover.arrayBuffer())).toEqual(png)
  })
})
