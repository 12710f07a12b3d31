import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const waiter = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/waiter', description: 'Waits until it is told to stop.',
  input: z.object({ text: z.string() }), output: z.string(), copies: 1,
  async run({ text }, ctx) {
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
    return text
  },
})`

const models = [writeModels({ waiter })]
const ref = { owner: 'team', name: 'waiter' }
const proxy = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga, otto' }
const settings = {
  ...{ model: 'team/waiter', intake: 'open', copies: '', timeout: '', queue: '' },
  tool: '',
}

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ models, environment: proxy })
})
afterEach(() => sandpit.close())

/** Someone whom the proxy calls by a name. */
function person(name: string) {
  const { request } = createVisitor(sandpit)
  const asked = (path: string, init: RequestInit = {}) =>
    request(path, { ...init, headers: { ...init.headers, 'X-User': name } })
  return {
    get: asked,
    post: (path: string, values: Record<string, string>) =>
      asked(path, { method: 'POST', body: new URLSearchParams(values) }),
  }
}

async function run(): Promise<Response> {
  const page = await (await person('ada').get('/team/waiter')).text()
  const hidden = page.matchAll(/<input type="hidden" name="(model|version|key)" value="([^"]*)"/g)
  const values = Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))
  return person('ada').post('/predictions', { ...values, 'input.text': 'hello' })
}

const load = () => sandpit.runner.load(ref)
const save = (changes: Partial<typeof settings>) =>
  person('olga').post('/settings/models', { ...settings, ...changes })

describe('settings', () => {
  it('are for operators alone, and say who that is', async () => {
    for (const path of ['/settings', '/models/new']) {
      const answer = await person('ada').get(path)
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain('SANDPIT_OPERATORS')
      expect((await person('otto').get(path)).status).toBe(200)
    }
    expect((await person('ada').post('/settings/models', settings)).status).toBe(403)
    expect((await person('ada').post('/models', { where: 'a/b', name: 'a/b' })).status).toBe(403)
  })

  it('are linked from the pages of operators alone', async () => {
    expect(await (await person('ada').get('/')).text()).not.toContain('href="/settings"')
    expect(await (await person('olga').get('/')).text()).toContain('href="/settings"')
  })

  it('show each model, and how it stands', async () => {
    await run()
    await eventually(async () => expect((await load()).running).toBe(1))
    const page = await (await person('olga').get('/settings')).text()
    expect(page).toContain('href="/team/waiter"')
    expect(page).toContain('1 running, 0 queued')
  })
})

describe('a model that an operator', () => {
  it('pauses takes predictions and runs none until it is opened', async () => {
    await save({ intake: 'paused' })
    expect((await run()).status).toBe(303)
    expect(await load()).toEqual({ running: 0, waiting: 1 })
    await save({ intake: 'open' })
    await eventually(async () => expect(await load()).toEqual({ running: 1, waiting: 0 }))
  })

  it('drains takes no more, says so, and keeps what was typed', async () => {
    await save({ intake: 'draining' })
    const answer = await run()
    expect(answer.status).toBe(503)
    const page = await answer.text()
    expect(page).toContain('draining')
    expect(page).toContain('hello')
  })

  it('gives more copies runs more at once, from then on', async () => {
    await run()
    await run()
    await eventually(async () => expect(await load()).toEqual({ running: 1, waiting: 1 }))
    await save({ copies: '2' })
    await eventually(async () => expect(await load()).toEqual({ running: 2, waiting: 0 }))
  })

  it('keeps from assistants is said to be, until the choice is taken back', async () => {
    const shown = async () => (await person('olga').get('/settings')).text()
    await save({ tool: 'never' })
    expect(sandpit.records.of(ref).settings.tool).toBe('never')
    expect(await shown()).toContain('<option value="never" selected="">Never')
    await save({ tool: '' })
    expect(sandpit.records.of(ref).settings).not.toHaveProperty('tool')
    expect((await save({ tool: 'sometimes' })).status).toBe(422)
  })

  it('gives less time is stopped by then', async () => {
    await save({ timeout: '1' })
    const id = idIn(await run())
    const settled = await sandpit.runner.settledWithin(id, 60_000)
    expect(settled?.error).toBe('It timed out after 1 s.')
  })

  it('gives a shorter line turns away what does not fit in it', async () => {
    await save({ queue: '1' })
    await run()
    await eventually(async () => expect((await load()).running).toBe(1))
    expect((await run()).status).toBe(303)
    expect((await run()).status).toBe(503)
  })

  it.each([
    [{ copies: 'many' }, 'Concurrency must be a whole number or blank.'],
    [{ timeout: '0' }, 'Timeout must be at least 1.'],
    [{ queue: '99999999' }, 'Max queue must be at most 1000000.'],
  ])('sets to %o is told what is wrong, and loses nothing', async (changes, sentence) => {
    const answer = await save(changes)
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain(sentence)
    expect(page).toContain(`value="${Object.values(changes)[0]}"`)
    expect(sandpit.records.find(ref)).toBeNull()
  })

  it('set stays so when the server starts again', async () => {
    await save({ intake: 'paused', copies: '3', timeout: '90', queue: '7' })
    expect((await sandpit.store.models())[0]?.settings).toEqual({
      intake: 'paused',
      copies: 3,
      timeoutMs: 90_000,
      maxQueue: 7,
    })
  })
})
