import { describe, expect, it } from 'vitest'
import { readLabels } from '../../../../src/providers/cog/images/labels.ts'
import { jsonOfText } from '../../../../src/providers/parse-response.ts'

const read = (labels: Readonly<Record<string, string>>) =>
  readLabels(labels, async (text) => jsonOfText(text))

const schemas = {
  Input: { type: 'object', properties: { text: { type: 'string' } } },
  Output: { type: 'string' },
}
const openapi = JSON.stringify({ info: { title: 'Cog' }, paths: {}, components: { schemas } })
const config = JSON.stringify({ build: { gpu: true }, concurrency: { max: 4 } })

describe('the labels of an image', () => {
  it.each([
    ['run.cog.openapi_schema', 'run.cog.config', 'run.cog.version'],
    ['org.cogmodel.openapi_schema', 'org.cogmodel.config', 'org.cogmodel.cog_version'],
  ])('say what its model is: %s', async (schema, about, version) => {
    expect(await read({ [schema]: openapi, [about]: config, [version]: '0.14.12' })).toEqual({
      schemas,
      streams: false,
      cogVersion: '0.14.12',
      title: null,
      gpu: true,
      slots: 4,
      hasInit: false,
    })
  })

  it('say whether it brings a process that reaps others', async () => {
    const labels = { 'run.cog.openapi_schema': openapi, 'run.cog.has_init': 'true' }
    expect(await read(labels)).toMatchObject({ hasInit: true, gpu: false, slots: 1 })
  })

  it.each([
    {},
    { 'run.cog.openapi_schema': '' },
    { 'run.cog.openapi_schema': 'not json' },
    { 'run.cog.openapi_schema': '[]' },
    { 'run.cog.openapi_schema': '{"components":{"schemas":{"Input":1}}}' },
    { 'run.cog.openapi_schema': `${'['.repeat(50_000)}${']'.repeat(50_000)}` },
  ])('are no model without a schema: %#', async (labels) => {
    expect(await read(labels)).toBeNull()
  })

  it.each([
    ['not json', false, 1],
    ['{"build":{"gpu":"yes"},"concurrency":{"max":"9"}}', false, 1],
    ['{"build":null,"concurrency":{"max":-3}}', false, 1],
    ['{"build":{"gpu":true},"concurrency":{"max":1e9}}', true, 1_000],
    ['{"build":{"gpu":true},"concurrency":{"max":2.5}}', true, 1],
    ['{"__proto__":{"build":{"gpu":true}}}', false, 1],
  ])('are read within bounds: %s', async (text, gpu, slots) => {
    const labels = { 'run.cog.openapi_schema': openapi, 'run.cog.config': text }
    expect(await read(labels)).toMatchObject({ gpu, slots })
  })
})
