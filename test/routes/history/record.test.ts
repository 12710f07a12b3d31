import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileUri } from '../../../src/domain/file/file.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import {
  fileOf,
  idOf,
  minute,
  predictionOf,
  schemasWith,
  start,
  versionOf,
} from '../../support/domain.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeAll(async () => {
  sandpit = await createTestApp({ models: [], now: () => start })
  visitor = createVisitor(sandpit)
})
afterAll(() => sandpit.close())

const schema = readSchema(
  schemasWith({
    prompt: { type: 'string' },
    image: { type: 'string', format: 'uri' },
    guidance: { type: 'number', default: 6.5 },
  }),
)

async function keep(number: number, changes: Partial<Prediction> = {}): Promise<Prediction> {
  const [given, made] = [fileOf(2 * number), fileOf(2 * number + 1, { name: '</script>.png' })]
  const prediction = predictionOf({
    ...{ id: idOf(number), status: 'succeeded', createdAt: start, startedAt: start },
    completedAt: start + minute,
    input: { prompt: 'a cat', image: fileUri(given) },
    output: fileUri(made),
    files: [given, made],
    metrics: { seed: 42 },
    ...changes,
  })
  return sandpit.store.accept(prediction, versionOf({ schema }), null)
}

async function read(path: string) {
  const response = await visitor.request(path)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

it('is canonical JSON with defaults and the hashes of files, and its hash', async () => {
  await keep(1)
  const { text, headers } = await read(sandpit.paths.record(idOf(1)))
  const record = JSON.parse(text)
  expect(record).toMatchObject({
    model: 'sandpit/hello-world',
    version: 'f'.repeat(64),
    input: { prompt: 'a cat', guidance: 6.5, image: { sha256: fileOf(2).sha256 } },
    output: { sha256: fileOf(3).sha256 },
    defaults: ['guidance'],
    seed: 42,
  })
  expect(Object.keys(record)).toEqual(Object.keys(record).sort())
  const sha256 = createHash('sha256').update(text).digest('hex')
  expect(headers.get('ETag')).toBe(`"${sha256}"`)
  expect((await read(sandpit.paths.recordPage(idOf(1)))).text).toContain(sha256)
})

it('stays the same when what is shown of the prediction changes', async () => {
  const prediction = await keep(2)
  const { text } = await read(sandpit.paths.record(idOf(2)))
  await sandpit.store.setExample(prediction, true, start)
  await sandpit.store.setVisibility(idOf(2), 'public', start)
  await visitor.post(sandpit.paths.favourite(idOf(2)), {})
  expect((await read(sandpit.paths.record(idOf(2)))).text).toBe(text)
})

it('has the code that runs the version again with all inputs, and a citation', async () => {
  await keep(3)
  const page = (language: string) =>
    read(`${sandpit.paths.recordPage(idOf(3))}?language=${language}`)
  const python = (await page('python')).text
  expect(python).toContain(`sandpit/hello-world:${'f'.repeat(64)}`)
  expect(python).toContain('6.5 <span class="tag">default</span>')
  expect(python).toContain(`sha256 ${fileOf(7).sha256}`)
  const curl = (await page('curl')).text
  expect(curl).toContain('/v1/predictions')
  expect(curl).toContain('&quot;guidance&quot;: 6.5')
  expect((await page('bibtex')).text).toContain('seed 42')
})

it('describes itself as linked data, whatever files are called', async () => {
  await keep(4)
  const { text } = await read(sandpit.paths.recordPage(idOf(4)))
  const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? []
  expect(JSON.parse(json)).toMatchObject({
    '@type': 'CreativeWork',
    associatedMedia: [{ name: '</script>.png', sha256: fileOf(9).sha256 }],
  })
})

it('is linked from the prediction, and hidden with it', async () => {
  await keep(5)
  expect((await read(sandpit.paths.prediction(idOf(5)))).text).toContain(
    sandpit.paths.recordPage(idOf(5)),
  )
  await keep(6, { visibility: 'private', createdBy: 'bob' })
  for (const path of [sandpit.paths.record(idOf(6)), sandpit.paths.recordPage(idOf(6))])
    expect((await read(path)).status).toBe(404)
})
