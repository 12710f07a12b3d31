import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../src/root.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const source = (input: string) => `
import { defineModel, file, secret, z } from 'sandpit/model'
export const model = defineModel({
  name: 'team/greeter',
  description: 'Greets.',
  input: z.object({ ${input} }),
  output: z.string(),
  run: () => 'hello',
})`
const first = `name: z.string().describe('Whom to greet.'), loud: z.boolean().default(false),
  photo: file().optional(), key: secret()`
const second = `name: z.string().max(20), times: z.int().default(1), photo: file().optional(),
  key: secret()`

let sandpit: TestApp
let folder: string
beforeAll(async () => {
  folder = writeModels({ greeter: source(first) })
  sandpit = await createTestApp({ models: [folder, join(root, 'models')] })
})
afterAll(() => sandpit.close())

/** The text of a page, without tags. */
const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

async function get(path: string) {
  const response = await createVisitor(sandpit).request(path)
  const html = await response.text()
  return { status: response.status, html, text: plain(html) }
}

describe('the API tab', () => {
  it('has the inputs that its address names, and tabs that keep them', async () => {
    const query = new URLSearchParams({ 'input.name': `O'Neil "x"\nand 2`, 'input.key': 'hush' })
    const { text, html } = await get(`/team/greeter/api?${query}`)
    expect(text).toContain(`name: 'O\\'Neil "x"\\nand 2'`)
    expect(text).toContain('key: process.env.KEY')
    expect(text).toContain(`baseUrl: 'http://localhost/v1'`)
    expect(text).not.toContain('hush')
    expect(text).not.toContain('loud: ')
    const [, python = ''] = /href="([^"]+language=python[^"]*)"/.exec(html) ?? []
    expect((await get(`/team/greeter/api${python.replaceAll('&amp;', '&')}`)).text).toContain(
      `"name": "O'Neil \\"x\\"\\nand 2"`,
    )
    expect(html).toContain('href="/team/greeter?input.name=')
  })

  it('shows the example when nothing is asked for, and keeps no file for that', async () => {
    const { text } = await get('/sandpit/image-tools/api?language=curl')
    expect(text).toContain(`"photo": "https://example.com/photo.jpg"`)
    const node = await get('/sandpit/image-tools/api')
    expect(node.text).toContain(`photo: await readFile('photo.jpg')`)
    expect(await sandpit.store.forget(Date.now() + 10 ** 9, 10)).toEqual([])
  })

  it('streams only what is made bit by bit, and takes no other word for it', async () => {
    const story = await get('/sandpit/story/api?variant=stream')
    expect(story.text).toContain('sandpit.stream(')
    const greeter = await get('/team/greeter/api?variant=stream&language=cobol')
    expect(greeter.text).not.toContain('.stream(')
    expect(greeter.text).toContain('sandpit.run(')
  })

  it('has the inputs of an earlier prediction', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('sandpit/hello-world', { text: 'earlier words' })
    const id = idIn(ran)
    const page = await visitor.request(`/sandpit/hello-world/api?from=${id}`)
    expect(plain(await page.text())).toContain(`text: 'earlier words'`)
  })

  it('is a link away from the form that was filled in', async () => {
    const visitor = createVisitor(sandpit)
    const form = await visitor.openForm('team/greeter')
    const answer = await visitor.post('/predictions', {
      ...form,
      'input.name': 'Ada',
      'input.key': 'hush',
      link: 'inputs',
    })
    const html = await answer.text()
    expect(html).toContain('<a href="/team/greeter/api?input.name=Ada">As code</a>')
    expect(html).not.toContain('hush')
  })

  it('is there for no model that is not', async () => {
    for (const path of ['/no/such/api', '/no/such/versions', '/team/greeter/versions/none'])
      expect((await get(path)).status, path).toBe(404)
  })
})

describe('the versions of a model', () => {
  it('say what changed in what it takes', async () => {
    const visitor = createVisitor(sandpit)
    await visitor.run('team/greeter', { name: 'Ada', key: 'hush' })
    const before = await sandpit.runner.findModel({ owner: 'team', name: 'greeter' })
    writeFileSync(join(folder, 'greeter', 'model.ts'), source(second))
    await eventually(async () => {
      const now = await sandpit.runner.findModel({ owner: 'team', name: 'greeter' })
      expect(now?.version.id).not.toBe(before?.version.id)
    })
    const { text, html } = await get('/team/greeter/versions')
    expect(text).toContain('New: times')
    expect(text).toContain('Removed: loud')
    expect(text).toContain('Changed: name (')
    expect(text).toContain('Current version')
    expect(text).toContain('1 run')
    expect(text).toContain('first run')
    const links = [...html.matchAll(/href="(\/team\/greeter\/versions\/\w+)"/g)].map(
      ([, href = '']) => href,
    )
    expect(links).toHaveLength(2)
    const [current, earlier] = await Promise.all(links.map(get))
    expect(current?.html).toContain('Open the form')
    // Its source is kept: it runs for those who ask for it.
    expect(earlier?.html).toContain(`href="/team/greeter?version=${before?.version.id}"`)
    expect(earlier?.text).toContain('Whom to greet.')

    const [, compare = ''] = /href="([^"]*\/versions\/compare[^"]*)"/.exec(html) ?? []
    const compared = await get(compare.replaceAll('&amp;', '&'))
    expect(compared.html).toContain('<del>boolean, default false</del>')
    expect(compared.html).toContain('<ins>integer, default 1</ins>')
    expect(compared.html).toContain('<code>maxLength</code>')
    expect(compared.html).toContain('<ins>20</ins>')
    expect(compared.text).toContain('The same in both 2')
    const ids = [...compared.html.matchAll(/<option value="(\w{64})" selected/g)]
    const [[, a], [, b]] = [ids[0] ?? [], ids[1] ?? []]
    expect((await get(`/team/greeter/versions/compare?a=${b}&b=${a}`)).html).toContain(
      '<ins>boolean, default false</ins>',
    )
    expect((await get('/team/greeter/versions/compare?a=none&b=none')).status).toBe(404)
  })
})

describe('a collection', () => {
  it('has the models of an owner, and is linked from the list and from each', async () => {
    const { text, html } = await get('/collections/team')
    expect(text).toContain('1 model by team')
    expect(html).not.toContain('hello-world')
    expect((await get('/collections/nobody')).status).toBe(404)
    for (const path of ['/', '/team/greeter'])
      expect((await get(path)).html, path).toContain('href="/collections/team"')
  })
})
