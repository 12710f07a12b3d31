import { afterEach, expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const models = writeModels({
  steps: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const steps = defineModel({
      name: 'test/steps',
      description: 'Says what it does, and ends when a file is there.',
      input: z.object({ path: z.string().default('/') }),
      output: z.string(),
      async run({ path }, { log, signal }) {
        for (let step = 0; !existsSync(path); step++) {
          log('step ' + step)
          await wait(200, undefined, { signal })
        }
        return 'done'
      },
    })`,
})

let sandpit: TestApp
afterEach(() => sandpit.close())

async function run(inputs: Record<string, string> = {}) {
  const made = await createVisitor(sandpit).run('test/steps', inputs)
  expect(made.status).toBe(303)
  return idIn(made)
}

it('shows what a run does though the clock is set back an hour meanwhile', async () => {
  let set = 0
  sandpit = await createTestApp({ models: [models], now: () => Date.now() + set })
  const id = await run({ path: '/nowhere/at/all' })
  const logs = async () => (await sandpit.runner.find(id))?.logs ?? ''
  await eventually(async () => expect(await logs()).toContain('step 1\n'))
  set = -60 * 60_000
  await eventually(async () => expect(await logs()).toContain('step 4\n'))
  await sandpit.runner.cancel(id)
  expect(await sandpit.runner.find(id)).toMatchObject({ status: 'canceled' })
})

it('does not show what was deleted while somebody read it', async () => {
  const reading = Promise.withResolvers<void>()
  let slow: string | null = null
  const wrapStore = (store: Store): Store => ({
    ...store,
    async find(id) {
      const held = id === slow && reading.promise
      const found = await store.find(id)
      await held
      return found
    },
  })
  const first = await createTestApp({ models: [models] })
  sandpit = first
  const id = await run()
  await first.runner.settledWithin(id, 60_000)
  // Another process has none of it at hand.
  const { data } = first
  sandpit = await createTestApp({ models: [models], data, wrapStore })
  try {
    slow = id
    const visitor = createVisitor(sandpit)
    const held = sandpit.runner.find(id)
    slow = null
    expect(await sandpit.runner.remove(id)).toBe(true)
    reading.resolve()
    await held
    expect(await sandpit.runner.find(id)).toBeNull()
    expect((await visitor.request(`/p/${id}`)).status).toBe(404)
  } finally {
    await sandpit.close()
    sandpit = first
  }
})
