import { afterEach, beforeEach, expect, it } from 'vitest'
import { NoSpace } from '../../src/domain/unavailable.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const models = writeModels({
  brief: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const brief = defineModel({
      name: 'test/brief',
      description: 'Gives back a text, after a moment.',
      input: z.object({ text: z.string(), ms: z.int().default(0) }),
      output: z.string(),
      async run({ text, ms }) { await wait(ms); return text },
    })`,
})

let full: boolean
let refused: number
let sandpit: TestApp
beforeEach(async () => {
  full = false
  refused = 0
  async function unlessFull<T>(write: () => Promise<T>): Promise<T> {
    if (!full) return write()
    refused++
    throw new NoSpace('The server’s disk is full.')
  }
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_API_TOKENS: 'a-token' },
    wrapStore: (store) => ({
      ...store,
      accept: (...given) => unlessFull(() => store.accept(...given)),
      save: (...given) => unlessFull(() => store.save(...given)),
      recording: (entry) => {
        const recorded = store.recording(entry)
        return { ...recorded, share: (...given) => unlessFull(() => recorded.share(...given)) }
      },
    }),
  })
})
afterEach(() => sandpit.close())

const idOf = (made: Response) => idIn(made)

it('keeps the end of a run, once there is room for it', async () => {
  const id = idOf(await createVisitor(sandpit).run('test/brief', { text: 'kept', ms: '500' }))
  await eventually(async () =>
    expect(await sandpit.runner.find(id)).toMatchObject({ status: 'processing' }),
  )
  full = true
  await eventually(() => expect(refused).toBeGreaterThanOrEqual(2))
  expect(await sandpit.runner.find(id)).toMatchObject({ status: 'processing' })
  full = false
  const settled = await sandpit.runner.settledWithin(id, 60_000)
  expect(settled).toMatchObject({ status: 'succeeded', output: 'kept' })
})

it('is told to who wants to run something, with what they typed', async () => {
  full = true
  const answer = await createVisitor(sandpit).run('test/brief', { text: 'what was typed' })
  expect(answer.status).toBe(507)
  const page = await answer.text()
  expect(page).toContain('what was typed')
  expect(page).toContain('The server’s disk is full')
  full = false
})

it('is told to programs, and on pages of what cannot be kept', async () => {
  const visitor = createVisitor(sandpit)
  const id = idOf(await visitor.run('test/brief', { text: 'to share' }))
  await sandpit.runner.settledWithin(id, 60_000)
  full = true
  const made = await visitor.request('/v1/predictions', {
    method: 'POST',
    headers: { Authorization: 'Bearer a-token', 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 'test/brief', input: { text: 'x' } }),
  })
  expect(made.status).toBe(507)
  expect(await made.json()).toMatchObject({ detail: 'The server’s disk is full.' })
  const shared = await visitor.post(`/p/${id}/shares`, {})
  expect(shared.status).toBe(507)
  expect(await shared.text()).toContain('Its operator needs to free some space')
  full = false
})
