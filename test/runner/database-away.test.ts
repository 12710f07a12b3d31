import { expect, it, onTestFinished } from 'vitest'
import { StoreBusy } from '../../src/domain/unavailable.ts'
import type { Store } from '../../src/store/store.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const models = writeModels({
  careful: `
    import { defineModel, z } from 'sandpit/model'
    export const careful = defineModel({
      name: 'test/careful',
      description: 'Is never run twice.',
      rerun: false,
      input: z.object({}),
      output: z.string(),
      async run() {
        return 'done'
      },
    })`,
})

it('goes on with a run that may not be repeated once the database is back', async () => {
  let refused = 0
  const wrapStore = (store: Store): Store => ({
    ...store,
    async save(previous, next) {
      if (next.status === 'processing' && refused++ < 2) throw new StoreBusy('It is away.')
      return store.save(previous, next)
    },
  })
  const sandpit = await createTestApp({ models: [models], wrapStore })
  onTestFinished(sandpit.close)
  const id = idIn(await createVisitor(sandpit).run('test/careful', {}))
  expect(await sandpit.runner.settledWithin(id, 60_000)).toMatchObject({
    status: 'succeeded',
    output: 'done',
  })
  expect(refused).toBeGreaterThan(1)
})
