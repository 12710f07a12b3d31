import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileUri, namedFile, type StoredFile } from '../../../src/domain/file/file.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { idOf, minute, predictionOf, start, versionOf } from '../../support/domain.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeAll(async () => {
  sandpit = await createTestApp({ models: [], now: () => start })
  visitor = createVisitor(sandpit)
})
afterAll(() => sandpit.close())

/** Stores a settled prediction. */
async function keep(number: number, changes: Partial<Prediction> = {}): Promise<Prediction> {
  const settled = { status: 'succeeded', completedAt: start + 5_000, startedAt: start } as const
  const createdAt = start + number * minute
  const prediction = predictionOf({ id: idOf(number), ...settled, createdAt, ...changes })
  return sandpit.store.accept(prediction, versionOf({ model: prediction.model }), null)
}

async function read(path: string) {
  const response = await visitor.request(path)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

/** A stored picture, wholly of one grey. */
async function picture(number: number, grey: number): Promise<StoredFile> {
  const background = { r: grey, g: grey, b: grey }
  const create = { width: 30, height: 20, channels: 3, background } as const
  const bytes = await sharp({ create }).png().toBuffer()
  async function* content() {
    yield bytes
  }
  const stored = await sandpit.files.put(content(), 100_000)
  return namedFile(stored, idOf(5_000 + number), `grey-${grey}.png`)
}

it('marks the words of inputs, output and logs, and names version and times', async () => {
  const logs = ['Seed 1. Done.', 'Seed 2. Done.'] as const
  await keep(1, { input: { prompt: 'a clear sky', steps: 4 }, output: 'One fox.', logs: logs[0] })
  await keep(2, { input: { prompt: 'a night sky', steps: 4 }, output: 'Two foxes.', logs: logs[1] })
  const { status, text } = await read(sandpit.paths.difference(idOf(1), idOf(2)))
  expect(status).toBe(200)
  expect(text).toContain('a <del>clear</del><ins>night</ins> sky')
  expect(text).toContain('<del>One</del><ins>Two</ins> <del>fox.</del><ins>foxes.</ins>')
  expect(text).toContain('Seed <del>1.</del><ins>2.</ins> Done.')
  expect(text).toMatch(/1 of 2.*The same in both.*steps/s)
  expect(text).toContain('in both')
  expect(text).toContain('5.0 s → 5.0 s')
  expect(text).toContain(sandpit.paths.difference(idOf(2), idOf(1)))
})

it('names values by their path', async () => {
  await keep(3, { output: { size: 1, rows: [{ name: 'a' }] }, metrics: { seed: 4 } })
  await keep(4, { output: { size: 1, rows: [{ name: 'b' }] }, metrics: {} })
  const { text } = await read(sandpit.paths.difference(idOf(3), idOf(4)))
  expect(text.replaceAll('<wbr/>', '')).toContain('<code>output.rows[0].name</code>')
  expect(text).toContain('<del>a</del>')
  expect(text.replaceAll('<wbr/>', '')).toContain('<code>metrics.seed</code>')
  expect(text).toContain('not there')
  expect(text.replaceAll('<wbr/>', '')).not.toContain('output.size')
})

it('compares pictures by a slider, beside each other, and by a difference picture', async () => {
  const [dark, light] = [await picture(1, 10), await picture(2, 90)]
  await keep(5, { output: fileUri(dark), files: [dark] })
  await keep(6, { output: [fileUri(light)], files: [light] })
  const path = sandpit.paths.difference(idOf(5), idOf(6))
  const { text } = await read(path)
  expect(text).toContain('class="over ab"')
  expect(text).toContain('100.0 %')
  expect(text).toContain('mean difference 80 of 255')
  expect((await read(`${path}?as=beside`)).text).not.toContain('class="over ab"')
  const drawn = await read(sandpit.paths.pictureDifference(idOf(5), idOf(6), 0))
  expect(drawn.headers.get('Content-Type')).toBe('image/webp')
  expect((await read(sandpit.paths.pictureDifference(idOf(5), idOf(6), 1))).status).toBe(404)
})

it('shows outputs of different kinds beside each other', async () => {
  const shown = await picture(3, 50)
  await keep(7, { output: 'A text.' })
  await keep(8, { output: fileUri(shown), files: [shown] })
  const { text } = await read(sandpit.paths.difference(idOf(7), idOf(8)))
  expect(text).toContain('A text.')
  expect(text).toContain('grey-50.png')
})

it('is reached from two in the list, and from a prediction for the run before', async () => {
  const model = { owner: 'sandpit', name: 'other' }
  for (const number of [10, 11]) await keep(number, { model })
  const chosen = await read(`/predictions/compare?id=${idOf(10)}&id=${idOf(11)}`)
  expect(chosen.headers.get('Location')).toBe(sandpit.paths.difference(idOf(10), idOf(11)))
  const before = await read(sandpit.paths.differenceFromBefore(idOf(11)))
  expect(before.headers.get('Location')).toBe(sandpit.paths.difference(idOf(10), idOf(11)))
  const none = await read(sandpit.paths.differenceFromBefore(idOf(10)))
  expect([none.status, none.text]).toEqual([404, expect.stringContaining('There is no run before')])
  expect((await read(sandpit.paths.prediction(idOf(11)))).text).toContain(
    sandpit.paths.differenceFromBefore(idOf(11)),
  )
})

it('shows nothing of a prediction that the viewer may not see', async () => {
  await keep(12)
  await keep(13, { visibility: 'private', createdBy: 'bob', output: 'A secret.' })
  for (const path of [
    sandpit.paths.difference(idOf(12), idOf(13)),
    sandpit.paths.difference(idOf(13), idOf(12)),
    sandpit.paths.difference(idOf(12), idOf(999)),
    sandpit.paths.differenceFromBefore(idOf(13)),
  ])
    expect((await read(path)).status).toBe(404)
})

it('names the error of a run that made something before it failed, and of one that made nothing', async () => {
  const error = 'The disk was full.'
  await keep(20, { output: 'One fox.', error: 'It stopped.', status: 'failed' })
  await keep(21, { output: null, error, status: 'failed' })
  await keep(22, { output: 'One fox.' })
  const partly = await read(sandpit.paths.difference(idOf(20), idOf(22)))
  expect(partly.text).toContain('Before: It stopped.')
  expect(partly.text).toContain('data-status="failed"')
  const wholly = await read(sandpit.paths.difference(idOf(22), idOf(21)))
  expect(wholly.text).toContain(error)
  expect(wholly.text).toContain('One fox.')
})

it('says what it leaves out of long texts and many values, and calls nothing the same that it did not compare', async () => {
  const long = 'a word. '.repeat(20_000)
  await keep(30, { input: { prompt: long }, output: long })
  await keep(31, { input: { prompt: `${long}b` }, output: `${long}b` })
  const texts = (await read(sandpit.paths.difference(idOf(30), idOf(31)))).text
  expect(texts.split('Only a part of these long texts is compared.')).toHaveLength(3)
  expect(texts).toContain('Nothing differs in what was compared.')
  expect(texts).not.toContain('Both made the same.')
  expect(texts.length).toBeLessThan(100_000)

  const numbers = (last: number) => ({ rows: [...Array<number>(120_000).fill(1), last] })
  await keep(32, { output: numbers(1) })
  await keep(33, { output: numbers(2) })
  const values = (await read(sandpit.paths.difference(idOf(32), idOf(33)))).text
  expect(values).toContain('Nothing differs in what was compared.')
  await keep(34, { output: { rows: Array<number>(300).fill(2) } })
  await keep(35, { output: { rows: Array<number>(300).fill(3) } })
  const many = (await read(sandpit.paths.difference(idOf(34), idOf(35)))).text
  expect(many).toContain('More differs: these are the first 200.')
  expect((await read(sandpit.paths.difference(idOf(34), idOf(34)))).text).toContain(
    'Both made the same.',
  )
})
