import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'
import type { TestApp } from '../support/test-app.ts'

const models = writeModels({
  slow: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/slow', description: 'Takes its time.',
      input: z.object({ ms: z.int() }), output: z.string(), rerun: true,
      async run({ ms }, { signal }) {
        await wait(ms, undefined, { signal })
        return 'done by ' + process.pid
      },
    })`,
})

/** Short enough for a test. */
const timing = { beatMs: 100, deadMs: 1_000, stalledMs: 800, settleMs: 300 }
/** Of a replica that is taken for dead, and does not notice. */
const frozen = { ...timing, beatMs: 600_000, stalledMs: 600_000 }

let database: SharedDatabase
beforeEach(async () => {
  database = await createSharedDatabase()
})
afterEach(() => database.close())

const open = (more = timing) => database.open({ models: [models], timing: more })

async function run({ runner }: TestApp, ms: number): Promise<string> {
  const model = await runner.findModel({ owner: 'test', name: 'slow' })
  if (!model) throw new Error('There is no such model')
  const request = { input: { ms }, files: [], createdBy: 'ada', formKey: null }
  const started = await runner.start({ ...request, model, source: 'api' })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

const statusOf = async ({ runner }: TestApp, id: string) => (await runner.find(id))?.status

it('runs a prediction again whose replica is gone, once, and refuses what that one saves later', async () => {
  const dead = await open(frozen)
  const id = await run(dead, 2_500)
  await eventually(async () => expect(await statusOf(dead, id)).toBe('processing'))
  const other = await open()
  await eventually(async () => expect(await other.runner.find(id)).toMatchObject({ attempt: 2 }))
  await eventually(async () => expect(await statusOf(other, id)).toBe('succeeded'), 15_000)
  const settled = await other.runner.find(id)
  expect(settled?.logs).toContain('restarted')
  expect(await dead.runner.find(id)).toMatchObject({
    output: settled?.output,
    revision: settled?.revision,
  })
})
