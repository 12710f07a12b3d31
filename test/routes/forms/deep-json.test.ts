import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mostLevels } from '../../../src/domain/json/bounds.ts'
import { modelName } from '../../../src/domain/model-ref.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'

const models = writeModels({
  deep: `
    import { defineModel, z } from 'sandpit/model'
    export const deep = defineModel({
      name: 'test/deep',
      description: 'Makes what nests.',
      input: z.object({ levels: z.int().optional(), it: z.json().optional() }),
      output: z.any(),
      run({ levels, it }) {
        if (levels === undefined) return { it }
        let made = 'the core'
        for (let level = 0; level < levels; level++) made = level % 2 ? { made } : [made]
        return made
      },
    })`,
  'deep-schema': `
    import { defineModel, z } from 'sandpit/model'
    let fallback = {}
    for (let level = 0; level < 100_000; level++) fallback = { fallback }
    export const deepSchema = defineModel({
      name: 'test/deep-schema',
      description: 'Declares what nests.',
      input: z.object({ it: z.any().meta({ 'x-shape': fallback }) }),
      output: z.any(),
      run: ({ it }) => it,
    })`,
  'deepish-schema': `
    import { defineModel, z } from 'sandpit/model'
    const shape = { type: 'object', properties: {} }
    let inner = shape
    for (let level = 0; level < 1_000; level++) inner = inner.properties.it = { properties: {} }
    export const deepish = defineModel({
      name: 'test/deepish-schema',
      description: 'Declares what nests less.',
      input: z.object({ it: z.any().meta(shape) }),
      output: z.any(),
      run: ({ it }) => it,
    })`,
})

let sandpit: TestApp
const faults: object[] = []
beforeAll(async () => {
  const log = { info() {}, error: (details: object) => void faults.push(details) }
  sandpit = await createTestApp({ models: [models], log })
})
afterAll(() => sandpit.close())

async function made(values: FormValues) {
  const visitor = createVisitor(sandpit)
  const response = await visitor.run('test/deep', values)
  expect(response.status).toBe(303)
  const id = idIn(response)
  const prediction = await sandpit.runner.settledWithin(id, 60_000)
  if (!prediction) throw new Error('There is no such prediction')
  return { visitor, prediction, path: `/p/${id}` }
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('what a model makes', () => {
  it.each([mostLevels, 3_000, 100_000])('fails when it nests %i levels', async (levels) => {
    const { visitor, prediction, path } = await made({ levels: String(levels) })
    expect(prediction.error).toMatch(/^The model’s output is nested too deeply/)
    expect(await (await visitor.request(path)).text()).toContain('is nested too deeply')
    expect(faults).toEqual([])
  })

  it('is shown, stored and sent when it nests as deep as it may', async () => {
    const { visitor, prediction, path } = await made({ levels: String(mostLevels - 1) })
    expect(prediction).toMatchObject({ status: 'succeeded', error: null })
    for (const one of [path, `${path}/prediction.json`, `${path}/output.json`, '/predictions'])
      expect((await visitor.request(one)).status, one).toBe(200)
    const markdown = await visitor.request(path, { headers: { Accept: 'text/markdown' } })
    expect(await markdown.text()).toContain('the core')
    expect(await sandpit.store.find(prediction.id)).toEqual(prediction)
    expect(faults).toEqual([])
  })
})

describe('an input', () => {
  it.each([mostLevels, 3_000, 100_000])('is refused when it nests %i levels', async (levels) => {
    const visitor = createVisitor(sandpit)
    const field = await visitor.run('test/deep', { it: nested(levels) })
    expect(field.status).toBe(422)
    expect(await field.text()).toContain('This is nested too deeply')
    const hidden = await visitor.openForm('test/deep')
    const whole = await visitor.post('/predictions', {
      ...hidden,
      json: `{"it":${nested(levels)}}`,
    })
    expect(whole.status).toBe(422)
    const link = await visitor.request(`/test/deep?it=${nested(Math.min(levels, 3_000))}`)
    expect(link.status).toBe(200)
    expect(faults).toEqual([])
  })

  it('runs, and opens again, when it nests as deep as it may', async () => {
    const { visitor, prediction } = await made({ it: nested(mostLevels - 2) })
    expect(prediction).toMatchObject({ status: 'succeeded', error: null })
    for (const path of [`/p/${prediction.id}`, `/test/deep?from=${prediction.id}`])
      expect((await visitor.request(path)).status, path).toBe(200)
    expect(faults).toEqual([])
  })
})

describe('a schema', () => {
  it.each(['deep-schema', 'deepish-schema'])('called %s breaks its model only', async (name) => {
    const visitor = createVisitor(sandpit)
    const all = await sandpit.providers[0]?.models()
    const found = all?.find(({ ref }) => ref.name === name)
    if (!found) throw new Error('The model is not listed')
    expect(found.broken).toMatch(/^(?:Import failed|Its definition cannot be used): ./)
    const page = await visitor.request(`/${modelName(found.ref)}`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(found.broken)
    expect((await visitor.request('/')).status).toBe(200)
  })
})
