import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const echo = (name: string) => `
  import { defineModel, file, z } from 'sandpit/model'
  export const echo = defineModel({
    name: 'test/${name}',
    description: 'Repeats.',
    input: z.object({ text: z.string(), times: z.number().int().min(1).max(5).default(1) }),
    output: ${name === 'draws' ? 'file()' : 'z.string()'},
    run: ({ text, times }, ctx) =>
      ${name === 'draws' ? "ctx.file(Buffer.from(text), { name: 'a.txt' })" : 'text.repeat(times)'},
  })`
const models = writeModels({
  brings: echo('brings'),
  draws: echo('draws'),
  inputs: echo('inputs'),
  plain: echo('plain'),
})
const write = (path: string, json: unknown) =>
  writeFileSync(join(models, path), JSON.stringify(json))
write('brings/examples.json', [{ text: 'from the example ', times: 2 }])
write('brings/example-output.json', { output: 'twice, twice', seconds: 0.25, files: [] })
write('draws/examples.json', [{ text: 'a drawing' }])
write('draws/example-output.json', {
  output: './example-output-1.png',
  seconds: 2,
  files: [{ name: 'example-output-1.png', size: 4, width: 30, height: 20 }],
})
writeFileSync(join(models, 'draws/example-output-1.png'), 'fake')
write('inputs/examples.json', [{ text: 'only inputs' }])

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

const open = async (path: string) => (await createVisitor(sandpit).request(path)).text()
const tag = '<span class="tag">default</span>'

describe('a model that brings the output of its example', () => {
  it('opens with both, and says that it is the example', async () => {
    const page = await open('/test/brings')
    expect(page).toContain('>from the example </textarea>')
    expect(page).toContain('twice, twice')
    expect(page).toContain(tag)
    expect(page).toContain('<span class="mono">0.3 s</span>')
    expect(page).toContain('Press Run to make your own.')
    expect(page).toContain('href="/test/brings?blank">Clear</a>')
  })

  it('has a blank form behind Clear, which leads back', async () => {
    const page = await open('/test/brings?blank')
    expect(page).not.toContain('from the example')
    expect(page).not.toContain(tag)
    expect(page).toContain('No output yet')
    expect(page).toContain('href="/test/brings">Load example</a>')
  })

  it('serves the files of the output as its own', async () => {
    const page = await open('/test/draws')
    const [, src = ''] = /<img src="([^"]+example-output-1.png)"/.exec(page) ?? []
    expect(src).toBe('/test/draws/assets/example-output-1.png')
    expect(page).toContain('30 × 20')
    expect((await createVisitor(sandpit).request(src)).status).toBe(200)
  })

  it('keeps it beside a form that is refused', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = { ...(await visitor.openForm('test/brings')), beside: 'example' }
    const refused = await visitor.post('/predictions', { ...hidden, 'input.times': '9' })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('twice, twice')
  })

  it('is the same version with another example', async () => {
    const ref = { owner: 'test', name: 'brings' }
    const before = (await sandpit.runner.findModel(ref))?.version.id
    write('brings/example-output.json', { output: 'thrice', seconds: 1, files: [] })
    await eventually(async () => expect(await open('/test/brings')).toContain('thrice'))
    expect((await sandpit.runner.findModel(ref))?.version.id).toBe(before)
    write('brings/example-output.json', { output: 'twice, twice', seconds: 0.25, files: [] })
  })
})

describe('a model without an output of its own', () => {
  it('opens with the inputs of its example', async () => {
    const page = await open('/test/inputs')
    expect(page).toContain('>only inputs</textarea>')
    expect(page).toContain('No output yet')
    expect(page).toContain('>Clear</a>')
  })

  it('opens with the oldest prediction that was added to its examples', async () => {
    expect(await open('/test/plain')).toContain('No output yet')
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('test/plain', { text: 'worth showing ', times: '2' })
    const id = idIn(ran)
    await sandpit.runner.settledWithin(id, 60_000)
    await visitor.post(`/p/${id}/example`, {})
    await eventually(async () => {
      const page = await open('/test/plain')
      expect(page).toContain('worth showing worth showing')
      expect(page).toContain('>worth showing </textarea>')
      expect(page).toContain(tag)
      expect(page).toContain(`href="/p/${id}">Open its record</a>`)
    })
    await visitor.post(`/p/${id}/deletion`, {})
    expect(await open('/test/plain')).not.toContain('worth showing')
  })
})

it('lists a model with an unreadable example output as broken', async () => {
  write('inputs/example-output.json', { text: 'no output' })
  await eventually(async () =>
    expect(await open('/test/inputs')).toContain('example-output.json is not'),
  )
})
