import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const waiter = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/waiter', description: 'Waits until it is told to stop.',
  input: z.object({ text: z.string() }), output: z.string(), copies: 4,
  async run({ text }, ctx) {
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
    return text
  },
})`

const speller = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/speller', description: 'Spells a text, letter by letter, with a file of it.',
  input: z.object({ text: z.string().max(5), note: file().optional() }),
  output: z.union([z.string(), file()]), copies: 4,
  async *run({ text, note }, ctx) {
    for (const letter of text) yield letter
    yield ctx.file(new TextEncoder().encode(note ? note.name : text), { name: 'spelled.txt' })
  },
})`

/** Asks what its input says, so that a test can say it. */
const asker = `
import { readFile } from 'node:fs/promises'
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/asker', description: 'Asks another model.',
  input: z.object({ model: z.string(), text: z.string(), times: z.int().default(1), wait: z.boolean().default(true) }),
  output: z.json(), copies: 4,
  async run({ model, text, times, wait }, ctx) {
    const note = ctx.file(new TextEncoder().encode('a note'), { name: 'note.txt' })
    const one = () => ctx.run(model, model === 'team/speller' ? { text, note } : { text, model, unknown: 1 })
    if (!wait) { void one().catch(() => {}); return 'not waited for' }
    const made = await Promise.all(Array.from({ length: times }, one))
    return Promise.all(made.map(async (items) =>
      Array.isArray(items)
        ? Promise.all(items.map(async (item) => (typeof item === 'string' ? item : await readFile(item.path, 'utf8'))))
        : items))
  },
})`

const models = [writeModels({ waiter, speller, asker })]
const settleMs = 60_000

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ models })
})
afterEach(() => sandpit.close())

async function ask(inputs: Readonly<Record<string, string>>): Promise<string> {
  const response = await createVisitor(sandpit).run('team/asker', inputs)
  expect(response.status).toBe(303)
  return idIn(response)
}

async function settled(id: string): Promise<Prediction> {
  const prediction = await sandpit.runner.settledWithin(id, settleMs)
  if (!prediction) throw new Error('There is no such prediction')
  return prediction
}

const asked = (id: string) => sandpit.store.childrenOf(id)

async function waitersOf(id: string, count: number) {
  await eventually(async () => {
    const running = (await asked(id)).filter(({ status }) => status === 'processing')
    expect(running).toHaveLength(count)
  })
  return asked(id)
}

describe('a model that runs another', () => {
  it('gets its items in order and its files as files, and gives it files', async () => {
    const id = await ask({ model: 'team/speller', text: 'pit', times: '3' })
    const prediction = await settled(id)
    expect(prediction.error).toBeNull()
    expect(prediction.output).toEqual(Array(3).fill(['p', 'i', 't', 'note.txt']))
    expect(await asked(id)).toHaveLength(3)
  })

  it('makes predictions of the one who asked it, that lead nowhere else', async () => {
    const id = await ask({ model: 'team/speller', text: 'pit' })
    const [child] = await asked((await settled(id)).id)
    expect(child).toMatchObject({ parent: id, createdBy: (await settled(id)).createdBy })
  })

  it.each([
    ['team/nobody', 'There is no model team/nobody.'],
    ['no name', 'There is no model no name.'],
    ['team/asker', 'team/asker is already waiting for this run, so this run cannot wait for it.'],
  ])('hears why %s cannot be run', async (model, sentence) => {
    expect((await settled(await ask({ model, text: 'pit' }))).error).toBe(sentence)
  })

  it('hears which input does not fit', async () => {
    const { error } = await settled(await ask({ model: 'team/speller', text: 'much too long' }))
    expect(error).toMatch(/^team\/speller: text: /)
  })

  it('may ask for 500 runs and no more', async () => {
    const id = await ask({ model: 'team/speller', text: 'pit', times: '501' })
    expect((await settled(id)).error).toBe('It started more than 500 sub-runs.')
    expect((await asked(id)).length).toBeLessThanOrEqual(500)
  })

  it('takes them with it when it is canceled', async () => {
    const id = await ask({ model: 'team/waiter', text: 'pit', times: '2' })
    await waitersOf(id, 2)
    await sandpit.runner.cancel(id)
    expect((await asked(id)).map(({ status }) => status)).toEqual(['canceled', 'canceled'])
  })

  it('takes with it what it did not wait for', async () => {
    const id = await ask({ model: 'team/waiter', text: 'pit', wait: 'false' })
    expect(await settled(id)).toMatchObject({ status: 'succeeded', output: 'not waited for' })
    await eventually(async () =>
      expect((await asked(id)).map(({ status }) => status)).toEqual(['canceled']),
    )
  })

  it('shows them on its page while they run, and tells who watches', async () => {
    const visitor = createVisitor(sandpit)
    const id = await ask({ model: 'team/waiter', text: 'pit' })
    const [child] = await waitersOf(id, 1)
    const panel = await (await visitor.request(`/p/${id}/panel`)).text()
    expect(panel).toContain(`href="/p/${child?.id}"`)
    const next = /hx-get="([^"]+)"/.exec(panel)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const held = visitor.request(next)
    await sandpit.runner.cancel(child?.id ?? '')
    expect(await (await held).text()).toMatch(/Canceled|Failed/)
    expect((await settled(id)).error).toBe('team/waiter: it was canceled.')
  })

  it('is not run again when the server died under it: what it asked for would run twice', async () => {
    const id = await ask({ model: 'team/waiter', text: 'pit' })
    await waitersOf(id, 1)
    await sandpit.runner.stop(0)
    await sandpit.runner.recover()
    expect(await settled(id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('had already started sub-runs'),
    })
    await eventually(async () =>
      expect((await asked(id)).map(({ status }) => status)).toEqual(['canceled']),
    )
  })
})
