import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp()
})
afterAll(() => sandpit.close())

async function textOf(path: string): Promise<string> {
  return (await createVisitor(sandpit).request(path)).text()
}

describe('the list of models', () => {
  it('shows all, or those whose name or description has every word', async () => {
    const all = await textOf('/')
    for (const name of ['hello-', 'countdown', 'story']) expect(all).toContain(name)
    const found = await textOf('/?q=COLOURS+photo')
    expect(found).toContain('palette')
    expect(found).not.toContain('countdown')
  })

  it('says when nothing fits, and shows what was searched for as text', async () => {
    const none = await textOf('/?q=%3Cscript%3Ezqxj')
    expect(none).toContain('No model for “&lt;script&gt;zqxj”')
  })
})

describe('a model', () => {
  it('has its README and its examples', async () => {
    expect(await textOf('/sandpit/story/readme')).toContain('<div class="markdown">')
    const examples = await textOf('/sandpit/image-tools/examples')
    expect(examples).toContain('/sandpit/image-tools?example=1')
    expect(examples).toContain('/sandpit/image-tools/assets/photo.jpg')
  })

  it('opens with any of its examples, their files included', async () => {
    for (const example of ['default', '1'])
      expect(await textOf(`/sandpit/image-tools?example=${example}`)).toContain('photo.jpg</a>')
  })

  it('offers what it makes to the models that take such files', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('sandpit/qr-code', { text: 'onwards' })
    const id = idIn(ran)
    const made = await sandpit.runner.settledWithin(id, 60_000)
    expect(made?.error).toBeNull()
    const page = await (await visitor.request(`/p/${id}`)).text()
    const [, href = ''] = /href="(\/sandpit\/palette\?[^"]+)"/.exec(page) ?? []
    const opened = await (await visitor.request(href.replaceAll('&amp;', '&'))).text()
    expect(opened).toContain(made?.files[0]?.name)
  })

  it('has examples that somebody made, until they or their maker end that', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('sandpit/hello-world', { text: 'an exemplary greeting' })
    const id = idIn(ran)
    await sandpit.runner.settledWithin(id, 60_000)
    const examples = async () => (await visitor.request('/sandpit/hello-world/examples')).text()
    const stranger = createVisitor(sandpit)
    await stranger.openForm('sandpit/hello-world')
    expect((await stranger.post(`/p/${id}/example`, {})).status).toBe(404)
    expect(await examples()).not.toContain('an exemplary greeting')
    expect((await visitor.post(`/p/${id}/example`, {})).status).toBe(303)
    expect(await examples()).toContain('an exemplary greeting')
    expect(await (await stranger.request('/sandpit/hello-world/examples')).text()).not.toContain(
      'Remove from examples',
    )
    await visitor.post(`/p/${id}/example`, { shown: 'no' })
    expect(await examples()).not.toContain('an exemplary greeting')
    await visitor.post(`/p/${id}/example`, {})
    await visitor.post(`/p/${id}/deletion`, {})
    expect(await examples()).not.toContain('an exemplary greeting')
  })

  it('gives away its pictures and samples, and never its source', async () => {
    const visitor = createVisitor(sandpit)
    const status = async (file: string) =>
      (await visitor.request(`/sandpit/image-tools/assets/${encodeURIComponent(file)}`)).status
    expect(await status('cover.svg')).toBe(200)
    for (const file of ['model.ts', '../hello-world/cover.svg', '.env', 'picture.ts'])
      expect(await status(file), file).toBe(404)
  })
})

describe('the cover of a model that brings none', () => {
  it('is a pattern of its name', async () => {
    const visitor = createVisitor(sandpit)
    const drawn = await visitor.request('/ann/thing/cover')
    expect(drawn.headers.get('Content-Type')).toBe('image/svg+xml')
    expect(await drawn.text()).toMatch(/^<svg .*<\/svg>$/)
    expect((await visitor.request('/v1-/thing%22/cover')).status).toBe(404)
  })

  it('is a picture that its example made', async () => {
    const plain = await createTestApp({ models: [writeModels({ plain: drawingModel })] })
    const visitor = createVisitor(plain)
    const type = async () => {
      const cover = await visitor.request('/ann/plain/cover')
      return cover.headers.get('Content-Type')
    }
    expect(await (await visitor.request('/')).text()).toContain('src="/ann/plain/cover"')
    expect(await type()).toBe('image/svg+xml')
    const id = idIn(await visitor.run('ann/plain', {}))
    expect((await plain.runner.settledWithin(id, 60_000))?.error).toBeNull()
    await visitor.post(`/p/${id}/example`, {})
    await eventually(async () => expect(await type()).toBe('image/jpeg'))
    await plain.close()
  })
})

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const drawingModel = `import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'ann/plain',
  description: 'Draws a pixel.',
  input: z.object({}),
  output: file(),
  run: async (_input, ctx) => ctx.file(Buffer.from('${pixel}', 'base64'), { name: 'pixel.png' }),
})`
