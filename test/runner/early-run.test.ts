import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const source = (name: string, rerun: boolean) => `
  import { defineModel, z } from 'sandpit/model'
  export const model = defineModel({
    name: 'test/${name}',
    description: 'Gives back a text.',
    rerun: ${rerun},
    input: z.object({ text: z.string() }),
    output: z.string(),
    run: ({ text }) => text,
  })`

const models = writeModels({
  repeatable: source('repeatable', true),
  careful: source('careful', false),
})

let disk: PromiseWithResolvers<void>
let ids: string[]
let sandpit: TestApp
beforeEach(async () => {
  disk = Promise.withResolvers()
  ids = []
  sandpit = await createTestApp({
    models: [models],
    wrapStore: (store) => ({
      ...store,
      async accept(prediction, ...given) {
        ids.push(prediction.id)
        const accepted = await store.accept(prediction, ...given)
        await disk.promise
        return accepted
      },
    }),
  })
})
afterEach(() => sandpit.close())

async function start(name: string) {
  const model = await sandpit.runner.findModel({ owner: 'test', name })
  if (!model) throw new Error('The model is not there')
  const own = { createdBy: 'ada', source: 'api', formKey: null } as const
  return sandpit.runner.start({ model, input: { text: 'done' }, files: [], ...own })
}

it('runs what may run again while its acceptance is written to the disk, and answers after that', async () => {
  let answered = false
  const starting = start('repeatable').then((started) => {
    answered = true
    return started
  })
  await eventually(() => expect(ids).toHaveLength(1))
  expect(await sandpit.runner.settledWithin(ids[0] ?? '', 60_000)).toMatchObject({ output: 'done' })
  expect(answered).toBe(false)
  disk.resolve()
  expect(await starting).toMatchObject({ ok: true, prediction: { id: ids[0] } })
})

it('runs nothing that must not run again before its acceptance is on disk', async () => {
  const starting = start('careful')
  const kept = async () => expect(await sandpit.runner.find(ids[0] ?? '')).not.toBeNull()
  await eventually(kept)
  expect(await sandpit.runner.load({ owner: 'test', name: 'careful' })).toEqual({
    running: 0,
    waiting: 0,
  })
  disk.resolve()
  await starting
  expect(await sandpit.runner.settledWithin(ids[0] ?? '', 60_000)).toMatchObject({ output: 'done' })
})
