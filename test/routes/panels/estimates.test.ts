import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'

const models = writeModels({
  waiter: `
    import { existsSync } from 'node:fs'
    import { defineModel, z } from 'sandpit/model'
    export const waiter = defineModel({
      name: 'test/waiter',
      description: 'Waits for a file.',
      input: z.object({ path: z.string() }),
      output: z.string(),
      async run({ path }, { signal }) {
        while (!existsSync(path) && !signal.aborted) await new Promise((next) => setTimeout(next, 5))
        return 'done'
      },
    })`,
})

let now = Date.UTC(2026, 0, 1)
let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models], now: () => now })
  visitor = createVisitor(sandpit)
})
afterAll(() => sandpit.close())

const fileOf = (name: string) => join(sandpit.data, name)
const text = async (path: string) =>
  (await (await visitor.request(path)).text()).replace(/<\/?(?:b|p|span)\b[^>]*>/g, '')

async function run(values: FormValues): Promise<string> {
  const response = await visitor.run('test/waiter', values)
  return /[a-z0-9]{26}/.exec(response.headers.get('Location') ?? '')?.[0] ?? ''
}

it('estimates how long a run takes by the last ones, before, while it waits and while it runs', async () => {
  expect(await text('/test/waiter')).toContain('Cold, slower to start')
  const first = await run({ path: fileOf('first') })
  await eventually(async () => expect(await text(`/p/${first}`)).toContain('>Running<'))
  now += 40_000
  writeFileSync(fileOf('first'), '')
  await sandpit.runner.settledWithin(first, 60_000)
  expect(await text('/test/waiter')).toContain('Warm, about 40 s')

  const second = await run({ path: fileOf('second') })
  const third = await run({ path: fileOf('third') })
  const fourth = await run({ path: fileOf('fourth') })
  await eventually(async () => {
    expect(await text(`/p/${second}`)).toContain('value="0.0" data-ran="0.0">usually 40 s<')
  })
  const waiting = await text(`/p/${fourth}`)
  expect(waiting).toContain('Second in the queue, about 1 min 20 s.')
  expect(waiting).toContain('The last runs took 40 s each, and one runs at a time.')
  expect(await text('/test/waiter')).toContain('Warm, about 40 s · 3 before you')

  now += 30_000
  expect(await text(`/p/${second}`)).toContain('max="40" value="30.0"')
  now += 20_000
  const late = await text(`/p/${second}`)
  expect(late).toContain('usually 40 s')
  expect(late).not.toContain('value="50.0"')
  for (const name of ['second', 'third', 'fourth']) writeFileSync(fileOf(name), '')
  for (const id of [third, fourth]) await sandpit.runner.settledWithin(id, 60_000)
})
