import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelName } from '../../src/domain/model-ref.ts'
import { sentByBrowser } from '../support/browser-form.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { unsafeMarkup } from '../support/unsafe-markup.ts'
import { createVisitor, type FormValues } from '../support/visitor.ts'

const declared = (name: string, input: string, before = '') => `
  import { defineModel, z } from 'sandpit/model'
  ${before}
  export const model = defineModel({
    name: 'test/${name}',
    description: '<script>alert(1)</script>',
    input: z.object(${input}),
    output: z.any(),
    run: (input) => input,
  })`

const evil = '</textarea></form><script>alert(1)</script><img src=x onerror=alert(1)>'

const models = writeModels({
  many: declared(
    'many',
    'Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => ["p" + n, z.string()]))',
  ),
  large: declared('large', '{ it: z.string().meta({ description: "x".repeat(3_000_000) }) }'),
  unsendable: declared('unsendable', '{ "a\\nb": z.string() }'),
  html: declared(
    'html',
    `{
      [evil]: z.string().default(evil).meta({ title: evil, description: evil }),
      choice: z.enum([evil, 'b']).default(evil),
      any: z.any().meta({ default: { [evil]: evil }, 'x-cog-accept': evil }),
    }`,
    `const evil = ${JSON.stringify(evil)}`,
  ),
  names: declared(
    'names',
    `{
      ['__proto__']: z.string().optional(),
      constructor: file().optional(),
      toString: secret().optional(),
      hasOwnProperty: z.array(file()).optional(),
      action: z.string().default('an action'),
    }`,
    "import { file, secret } from 'sandpit/model'",
  ),
  circle: declared(
    'circle',
    '{ node: Node.optional() }',
    'const Node = z.object({ name: z.string(), get inner() { return z.array(Node).optional() } })',
  ),
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

async function found(name: string) {
  const all = await sandpit.providers[0]?.models()
  const model = all?.find(({ ref }) => ref.name === name)
  if (!model) throw new Error(`There is no ${name}`)
  return model
}

describe('a model that no form can ask for', () => {
  it.each([
    ['many', /It has 10000 inputs, and a form can have at most 500\./],
    ['large', /larger than 1 MB\./],
    ['unsendable', /A form cannot have an input named “a/],
  ])('is listed as one that cannot run, and says why: %s', async (name, why) => {
    const model = await found(name)
    expect(model.broken).toMatch(why)
    const visitor = createVisitor(sandpit)
    const page = await visitor.request(`/${modelName(model.ref)}`)
    expect(page.status).toBe(200)
    const text = await page.text()
    expect(text).toMatch(/This model cannot run/)
    expect(text.length).toBeLessThan(100_000)
    expect((await visitor.request('/')).status).toBe(200)
  })
})

describe('a model whose every text is HTML', () => {
  it('has a form that is a form and no more, and runs with its defaults', async () => {
    const visitor = createVisitor(sandpit)
    const page = await (await visitor.request('/test/html')).text()
    const start = page.indexOf('<form class="inputs"')
    const form = page.slice(start, page.indexOf('</form>', start) + 7)
    expect(unsafeMarkup(form)).toEqual([])
    const sent = new Map<string, string[]>()
    for (const [name, text] of sentByBrowser(form))
      sent.set(name, [...(sent.get(name) ?? []), text])
    const made = await run(visitor, Object.fromEntries(sent))
    expect(made).toEqual({ [evil]: evil, choice: evil, any: { [evil]: evil } })
  })
})

describe('a model whose input refers to itself', () => {
  it('takes it as JSON, and checks it at any depth', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/circle')
    const node = '{"name":"a","inner":[{"name":"b","inner":[{"name":"c"}]}]}'
    expect(await run(visitor, { ...hidden, 'input.node': node })).toEqual({
      node: JSON.parse(node),
    })
    const wrong = { ...hidden, 'input.node': node.replace('"c"', '7') }
    const refused = await visitor.post('/predictions', wrong)
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('inner[0].inner[0].name: ')
  })
})

describe('a model whose inputs have names that mean something to JavaScript', () => {
  it('is given what was given, and nothing else', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/names')
    expect(await run(visitor, { ...hidden, 'input.action': 'one' })).toEqual({ action: 'one' })
    const given = { ...hidden, 'input.__proto__': 'a text', 'input.constructor': 'data:,hello' }
    const made = await run(visitor, given)
    const entries = new Map(Object.entries(made as object))
    expect(entries.get('constructor')).toMatch(/^sandpit:[a-z2-7]{26}\/constructor$/)
  })
})

async function run(visitor: ReturnType<typeof createVisitor>, values: FormValues) {
  const response = await visitor.post('/predictions', values)
  expect(response.status, await response.clone().text()).toBe(303)
  const id = idIn(response)
  const prediction = await sandpit.runner.settledWithin(id, 60_000)
  expect(prediction?.error).toBeNull()
  return prediction?.output
}
