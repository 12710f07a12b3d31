import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const day = 24 * 60 * 60_000
let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
let folder: string
let time = Date.now()

/** Models of two owners: more than a page has, one of which makes pictures. */
function sourceOf(index: number): string {
  const owner = index % 5 === 0 ? 'bob' : 'ann'
  const description = index === 7 ? 'Draws pictures of owls.' : `The model number ${index}.`
  const output = index === 7 ? 'file()' : 'z.string()'
  return `import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: '${owner}/m-${index}',
  description: '${description}',
  input: z.object({ ${index === 3 ? 'rendering_style' : 'text'}: z.string().default('a') }),
  output: ${output},
  run: async () => 'done',
})`
}

beforeAll(async () => {
  const folders = Array.from({ length: 26 }, (_, index) => [`m-${index}`, sourceOf(index)] as const)
  folder = writeModels(Object.fromEntries(folders))
  sandpit = await createTestApp({ models: [folder], now: () => time })
  visitor = createVisitor(sandpit)
}, 120_000)
afterAll(() => sandpit.close())

const open = async (path: string, who = visitor) => (await who.request(path)).text()

/** The models in a part of a page, in order. */
function namesIn(html: string, heading?: string): string[] {
  const [, part = ''] = heading === undefined ? ['', html] : html.split(`<h2 id="${heading}">`)
  const [section = ''] = part.split('</section>')
  return [...section.matchAll(/<h3><a href="\/(?:ann|bob)\/([^"]+)"/g)].map(([, name = '']) => name)
}

it('says what this is on the first visit, and lists all models a page at a time', async () => {
  const first = await open('/', createVisitor(sandpit))
  expect(first).toContain('26 models, ready to try')
  expect(first).toContain('Choose a model, fill in its form and press Run.')
  expect(namesIn(first, 'all')).toHaveLength(24)
  expect(first).toContain('<a class="button" rel="next" href="/?page=2">Next 24</a>')
  expect(first).not.toContain('id="popular"')
  expect(first).not.toContain('id="recent"')
  expect(first).toContain('href="/collections/bob">bob <span class="n">6</span>')
  const second = await open('/?page=2')
  expect(namesIn(second, 'all')).toHaveLength(2)
  expect(namesIn(await open('/?page=99'), 'all')).toEqual(namesIn(second, 'all'))
})

it('is sorted by name, by runs and by age, and narrowed to what models make', async () => {
  expect(namesIn(await open('/?sort=name')).slice(0, 3)).toEqual(['m-0', 'm-1', 'm-2'])
  const pictures = await open('/?makes=image')
  expect(namesIn(pictures)).toEqual(['m-7'])
  expect(pictures).toContain('<span>pictures</span>')
  expect(await open('/?sort=zzz&makes=zzz&page=zzz')).toContain('26 models')
})

it('shows what the viewer used, then what is popular, each with its facts', async () => {
  for (const name of ['bob/m-5', 'bob/m-5', 'ann/m-9']) {
    time += 1_000
    const id = idIn(await visitor.run(name, {}))
    expect((await sandpit.runner.settledWithin(id, 60_000))?.status).toBe('succeeded')
  }
  const own = await open('/')
  expect(namesIn(own, 'recent')).toEqual(['m-9', 'm-5'])
  expect(own).not.toContain('Choose a model')
  expect(namesIn(own, 'all').slice(0, 2)).toEqual(['m-5', 'm-9'])
  const others = await open('/', createVisitor(sandpit))
  expect(others).not.toContain('id="recent"')
  expect(namesIn(others, 'popular')).toEqual(['m-5', 'm-9'])
  expect(others).toMatch(/<span>text<\/span> <span>2 runs<\/span><span>[\d.]+ m?s<\/span>/)
})

it('says what a search found, and where', async () => {
  const found = await open('/?q=rendering')
  expect(found).toContain('1 model for “rendering”')
  expect(found).toContain('Input: <b>rendering</b>_style')
  expect(namesIn(await open('/?q=owsl'))).toEqual(['m-7'])
})

it('shows the collections of operators, with the models that the viewer may see', async () => {
  const models = ['m-1', 'm-2', 'gone', 'm-3'].map((name) => ({ owner: 'ann', name }))
  const content = {
    slug: 'prints',
    title: 'From a <sketch>',
    summary: 'Draw *it*.\n\nMore.',
    models,
  }
  await sandpit.collections.save(content, 0)
  await sandpit.collections.save({ ...content, slug: 'none', models: models.slice(2, 3) }, 0)
  const front = await open('/')
  const [, part = ''] = front.split('<h2 id="collections">')
  const [section = ''] = part.split('</section>')
  expect(section).toContain('<a href="/collections/prints">From a &lt;sketch&gt;</a>')
  expect(section).toContain('<p>Draw it.</p>')
  expect(section).toContain('3 models')
  expect(section.match(/<img /g)).toHaveLength(3)
  expect(section).not.toContain('/collections/none')
  expect(await open('/?page=2')).not.toContain('id="collections"')
})

it('shows a collection a page at a time', async () => {
  const models = (await sandpit.runner.models()).map(({ ref }) => ref)
  const many = { slug: 'many', title: 'Many', summary: '', models }
  await sandpit.collections.save(many, 0)
  const first = await open('/collections/many')
  expect(first).toContain('<h2 id="models">26 models</h2>')
  expect(namesIn(first, 'models')).toHaveLength(24)
  expect(first).toContain(
    '<a class="button" rel="next" href="/collections/many?page=2">Next 24</a>',
  )
  const second = namesIn(await open('/collections/many?page=2'), 'models')
  expect(second).toHaveLength(2)
  expect(namesIn(first)).not.toContain(second[0])
  expect(await open('/collections/ann')).not.toContain('rel="next"')
})

it('shows models that came later as new', async () => {
  expect(await open('/')).not.toContain('id="new"')
  time += day
  mkdirSync(join(folder, 'late'))
  writeFileSync(join(folder, 'late', 'model.ts'), sourceOf(99))
  await eventually(async () => expect(namesIn(await open('/'), 'new')).toEqual(['m-99']))
  expect(namesIn(await open('/?sort=new'))[0]).toBe('m-99')
})
