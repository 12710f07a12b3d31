import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { redacted } from '../../../src/domain/schema/redacted.ts'
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

/** Stores a settled prediction of the visitor's, or of another person. */
async function keep(number: number, changes: Partial<Prediction> = {}): Promise<Prediction> {
  const id = idOf(number)
  const settled = { status: 'succeeded', completedAt: start + 5_000, startedAt: start } as const
  const createdAt = start + number * minute
  const prediction = predictionOf({ id, ...settled, createdAt, ...changes })
  return sandpit.store.accept(prediction, versionOf({ model: prediction.model }), null)
}

async function read(path: string): Promise<{ status: number; text: string }> {
  const response = await visitor.request(path)
  return { status: response.status, text: await response.text() }
}

const selecting = (...numbers: readonly number[]) =>
  new URLSearchParams(numbers.map((number) => ['id', idOf(number)]))

describe('comparing', () => {
  it('shows outputs beside each other, and marks the inputs that are not those of the first', async () => {
    await keep(1, { input: { prompt: 'a cat', steps: 4 }, output: 'First.' })
    await keep(2, { input: { prompt: 'a dog', steps: 4 }, output: 'Second.' })
    await keep(8, { input: { prompt: 'a cat', steps: 4 }, output: 'Third.' })
    const { status, text } = await read(`/predictions/compare?${selecting(1, 2, 8)}`)
    expect(status).toBe(200)
    expect(text).toContain('Different inputs: 1 of 2.')
    for (const shown of ['First.', 'Second.', '>a cat<', '<ins>a dog</ins>'])
      expect(text).toContain(shown)
    expect(text).toMatch(/The same in all.*steps/s)
  })

  it('takes two to four that can be seen', async () => {
    await keep(3, { visibility: 'private', createdBy: 'ada' })
    for (const numbers of [[], [1], [1, 3], [1, 1]])
      expect((await read(`/predictions/compare?${selecting(...numbers)}`)).status).toBe(422)
    for (const number of [4, 5, 6, 7]) await keep(number)
    const five = [1, 4, 5, 6, 7].map(idOf).join(',')
    expect((await read(`/predictions/compare?ids=${five}`)).status).toBe(422)
    expect((await read(`/predictions/compare?ids=${five.slice(27)}`)).status).toBe(200)
  })
})

describe('deleting', () => {
  it('asks, deletes only what the viewer may, and says what was kept', async () => {
    const cookie = await visitor.post(sandpit.paths.favourite((await keep(10)).id), {})
    const viewer = /viewer=([a-z2-7]{26})/.exec(cookie.headers.get('Set-Cookie') ?? '')?.[1] ?? ''
    await keep(11, { createdBy: viewer })
    await keep(12, { createdBy: viewer })
    const { text } = await read(`/predictions/deletion?${selecting(10, 11, 12)}`)
    expect(text).toContain('Delete 2 predictions?')
    expect(text).toContain('1 of the selected will be kept')
    const answer = await visitor.post('/predictions/deletion', { id: [10, 11, 12].map(idOf) })
    expect(answer.headers.get('Location')).toBe('/predictions?deleted=2&left=1')
    expect((await read('/predictions?deleted=2&left=1')).text).toContain('2 predictions deleted.')
    expect(await sandpit.store.find(idOf(11))).toBeNull()
    expect(await sandpit.store.find(idOf(10))).not.toBeNull()
  })

  it('says so when nothing is selected, or nothing may be deleted', async () => {
    expect((await read('/predictions/deletion')).status).toBe(422)
    await keep(13)
    const { text } = await read(`/predictions/deletion?${selecting(13)}`)
    expect(text).toContain('None of these can be deleted')
  })
})

describe('downloading', () => {
  it('has a folder for each prediction, with its JSON', async () => {
    await keep(20)
    await keep(21, { output: ['data:text/plain;base64,aGk=', 'data:text/plain;base64,aG8='] })
    await keep(22, { visibility: 'private', createdBy: 'ada' })
    const response = await visitor.request(`/predictions/files.zip?${selecting(20, 21, 22)}`)
    expect(response.headers.get('Content-Type')).toBe('application/zip')
    const zip = Buffer.from(await response.arrayBuffer()).toString('latin1')
    // The entries of its directory, each with its name after 46 bytes.
    const entries = zip.split('PK\x01\x02').slice(1)
    const names = entries.map((entry) => entry.slice(42, 42 + entry.charCodeAt(24)))
    const folder = (number: number) => `hello-world-${idOf(number)}`
    expect(names).toEqual([
      `${folder(20)}/prediction.json`,
      `${folder(21)}/prediction.json`,
      `${folder(21)}/files/output-1.txt`,
      `${folder(21)}/files/output-2.txt`,
    ])
  })
})

describe('the export of what a filter finds', () => {
  const model = { owner: 'team', name: 'many' }
  const some = '?model=team/many'
  const exported = async (path: string) => ({ text: await (await visitor.post(path, {})).text() })

  beforeAll(async () => {
    for (let number = 100; number < 220; number++)
      await keep(number, { model, input: { prompt: `=cat ${number}`, key: redacted } })
    await keep(220, { model, visibility: 'private', createdBy: 'ada' })
  })

  it('is every prediction as in the API, one on each line', async () => {
    const { text } = await exported(`/predictions/export.jsonl${some}`)
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ id }) => id)).toEqual(
      Array.from({ length: 120 }, (_, at) => idOf(219 - at)),
    )
    expect(lines[0].input).toEqual({ prompt: '=cat 219', key: redacted })
  })

  it('is a table with every input, in which nothing is a formula', async () => {
    const { text } = await exported(`/predictions/export.csv${some}`)
    const [head, row, ...others] = text.trimEnd().split('\r\n')
    expect(head).toBe(
      'id,model,version,status,created_at,waited_seconds,ran_seconds,input.prompt,input.key,output,error,other_inputs',
    )
    expect(row).toContain(",'=cat 219,[REDACTED],")
    expect(others).toHaveLength(119)
  })

  it('is empty when the filter finds nothing', async () => {
    expect((await exported('/predictions/export.jsonl?model=team/none')).text).toBe('')
  })
})
