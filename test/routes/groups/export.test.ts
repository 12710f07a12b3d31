import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunGroup } from '../../../src/domain/group/group.ts'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  echo: `
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/echo',
      description: 'Makes a file of a text, or fails without one.',
      input: z.object({ text: z.string() }),
      output: z.object({ said: z.string(), made: file() }),
      copies: 4,
      async run({ text }, ctx) {
        if (text === 'fail') throw new Error('There is nothing to say.')
        return { said: text, made: await ctx.file(Buffer.from(text), { name: 'said.txt' }) }
      },
    })`,
})

let sandpit: TestApp
let group: RunGroup
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
  const model = await sandpit.runner.findModel({ owner: 'test', name: 'echo' })
  if (!model) throw new Error('The model is not there')
  const texts = ['=1+1', 'two', 'fail']
  group = await sandpit.runner.groups.start({
    kind: 'batch',
    title: 'texts.csv',
    axes: [],
    source: 'web',
    createdBy: 'ada',
    formKey: null,
    runs: texts.map((text, at) => ({ place: at + 2, model, input: { text }, files: [] })),
  })
  await eventually(async () => {
    const counts = (await sandpit.store.countsOf([group.id])).get(group.id)
    expect(counts?.made).toEqual({ succeeded: 2, failed: 1 })
  })
})
afterAll(() => sandpit.close())

const post = async (path: string) => (await createVisitor(sandpit).post(path, {})).text()

it('sends the runs of a group as CSV, in which a spreadsheet runs nothing', async () => {
  const lines = (await post(sandpit.paths.groupCsv(group.id))).trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^line,id,model,version,status,.*,input\.text,output,error,/)
  expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['2', '3', '4'])
  expect(lines[1]).toContain(",'=1+1,")
  expect(lines[3]).toContain('There is nothing to say.')
})

it('sends them as JSON lines', async () => {
  const text = await post(sandpit.paths.groupJsonl(group.id))
  const runs = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(runs).toMatchObject([
    { line: 2, input: { text: '=1+1' }, output: { said: '=1+1' } },
    { line: 3, status: 'succeeded' },
    { line: 4, status: 'failed' },
  ])
})

it('sends their files in a folder for each', async () => {
  const answer = await createVisitor(sandpit).request(sandpit.paths.groupFiles(group.id))
  expect(answer.headers.get('Content-Type')).toBe('application/zip')
  const archive = Buffer.from(await answer.arrayBuffer()).toString('latin1')
  expect(archive).toContain('00002-echo/files/said.txt')
  expect(archive).toContain('00004-echo/prediction.json')
})

it('knows no group of another id', async () => {
  const visitor = createVisitor(sandpit)
  const other = 'a'.repeat(26)
  expect((await visitor.request(sandpit.paths.groupFiles(other))).status).toBe(404)
  expect((await visitor.post(sandpit.paths.groupCsv(other), {})).status).toBe(404)
})
