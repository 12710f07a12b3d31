import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { createTestApp } from '../support/test-app.ts'

it('runs once what has ended, however long its end takes to be saved', async () => {
  const models = writeModels({
    counter: `
      import { appendFileSync } from 'node:fs'
      import { defineModel, z } from 'sandpit/model'
      export const counter = defineModel({
        name: 'test/counter',
        description: 'Leaves a line for each run.',
        input: z.object({ path: z.string() }),
        output: z.string(),
        run({ path }) { appendFileSync(path, 'ran\\n'); return 'ran' },
      })`,
  })
  const sandpit = await createTestApp({
    models: [models],
    wrapStore: (store) => ({
      ...store,
      async save(previous, next) {
        await pass(50)
        return store.save(previous, next)
      },
    }),
  })
  const path = join(mkdtempSync(join(tmpdir(), 'sandpit-counter-')), 'runs')
  const model = await sandpit.runner.findModel({ owner: 'test', name: 'counter' })
  if (!model) throw new Error('The model is not there')
  for (let run = 1; run <= 3; run++) {
    const started = await sandpit.runner.start({
      model,
      input: { path },
      files: [],
      createdBy: 'ada',
      source: 'api',
      formKey: null,
    })
    if (!started.ok) throw new Error(started.reason)
    const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
    expect(settled).toMatchObject({ status: 'succeeded', output: 'ran' })
    expect(readFileSync(path, 'utf8')).toBe('ran\n'.repeat(run))
  }
  await sandpit.close()
  expect(readFileSync(path, 'utf8')).toBe('ran\n'.repeat(3))
})
