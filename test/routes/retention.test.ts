import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeOldData } from '../../src/runner/retention.ts'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { shareLinksOf } from '../support/shares.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const echo = (name: string) => `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/${name}', description: 'Says it again.',
  input: z.object({ text: z.string(), note: file().optional() }), output: z.string(),
  run: ({ text }, ctx) => { ctx.log('wordily ' + text); return text + ' again' },
})`

const asker = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/asker', description: 'Asks another model.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }, ctx) => ctx.run('team/echo', { text: text + ' in secret' }),
})`

const models = [writeModels({ echo: echo('echo'), other: echo('other'), asker })]
const dayMs = 24 * 60 * 60_000
const machine = 'a-token-for-tests-only'

let now: number
let sandpit: TestApp
beforeEach(() => {
  now = Date.UTC(2026, 2, 14)
})
afterEach(() => sandpit.close())

async function open(retention: string) {
  const environment = {
    SANDPIT_AUTH: 'header:X-User',
    SANDPIT_OPERATORS: 'olga',
    SANDPIT_API_TOKENS: machine,
    SANDPIT_RETENTION: retention,
  }
  sandpit = await createTestApp({ models, environment, now: () => now })
}

const ada = () => namedPerson(sandpit, 'ada')
const olga = () => namedPerson(sandpit, 'olga')

async function make(text: string, model = 'echo', inputs: Record<string, string | File> = {}) {
  const id = idIn(await ada().run(`/team/${model}`, { 'input.text': text, ...inputs }))
  const settled = await sandpit.runner.settledWithin(id, 60_000)
  expect(settled?.status).toBe('succeeded')
  return id
}

async function pass(days: number): Promise<number> {
  now += days * dayMs
  return removeOldData(sandpit.deps, now)
}

async function isGone(id: string): Promise<boolean> {
  return (await sandpit.runner.find(id))?.dataRemovedAt !== null
}

describe('data that was kept long enough', () => {
  it('goes, and the record stays', async () => {
    await open('90d')
    const note = new File(['a note'], 'note.txt', { type: 'text/plain' })
    const id = await make('marmalade', 'echo', { 'input.note': note })
    const [file] = (await sandpit.runner.find(id))?.files ?? []
    expect(await pass(89)).toBe(0)
    expect((await ada().get(`/p/${id}`)).text).toContain('marmalade')
    expect(await pass(2)).toBe(1)
    const { status, text } = await ada().get(`/p/${id}`)
    expect(status).toBe(200)
    expect(text).not.toMatch(/marmalade|note\.txt|wordily|Run again|Tweak|Add to examples/)
    expect(text).toMatch(/removed on <time[^>]*>13 June 2026<\/time> after 91 days/)
    expect((await ada().get(`/files/${file?.ref}/note.txt`)).status).toBe(404)
    expect((await ada().get('/predictions?q=marmalade')).text).not.toContain(id)
    expect((await ada().get('/predictions')).text).toContain(id)
    expect(await pass(1)).toBe(0)
    const { entries } = await sandpit.store.entries({ actions: ['data removed'] }, 10, null)
    expect(entries).toMatchObject([{ via: 'server', detail: 'of 1 predictions' }])
  })

  it('is said to be removed by the API, as at Replicate', async () => {
    await open('90d')
    const headers = { Host: 'localhost', Authorization: `Bearer ${machine}` }
    const json = { ...headers, 'Content-Type': 'application/json', Prefer: 'wait=20' }
    const body = JSON.stringify({ input: { text: 'marmalade' } })
    const address = '/v1/models/team/echo/predictions'
    const { id } = await (
      await sandpit.app.request(address, { method: 'POST', headers: json, body })
    ).json()
    await pass(91)
    const kept = await (await sandpit.app.request(`/v1/predictions/${id}`, { headers })).json()
    expect(kept).toMatchObject({ id, data_removed: true, input: {}, output: null, logs: '' })
    expect(kept.status).toBe('succeeded')
    expect(kept.metrics.predict_time).toBeGreaterThanOrEqual(0)
  })

  it('goes with that of its parent, by the rule of the parent', async () => {
    await open('90d')
    const id = await make('jam', 'asker')
    const [child] = await sandpit.store.childrenOf(id)
    await save('echo', 'keep')
    await pass(91)
    expect([await isGone(id), await isGone(child?.id ?? '')]).toEqual([true, true])
  })

  it('stays where nothing is set', async () => {
    await open('keep')
    const id = await make('jam')
    expect(await pass(4_000)).toBe(0)
    expect(await isGone(id)).toBe(false)
  })

  it('stays while a prediction is not settled', async () => {
    await open('90d')
    const { runner, store } = sandpit
    await olga().post('/settings/models', { ...settings, model: 'team/echo', intake: 'paused' })
    const id = idIn(await ada().run('/team/echo', { 'input.text': 'jam' }))
    await pass(91)
    expect((await runner.find(id))?.input).toEqual({ text: 'jam' })
    expect(await store.removeData([id], [], now)).toEqual([])
  })
})

/** Says on the edit page of a model how long its data is kept. */
async function save(model: string, retention: string) {
  const path = `/team/${model}/edit`
  const [, seen = ''] = /name="seen" value="([^"]*)"/.exec((await olga().get(path)).text) ?? []
  return olga().post(path, { seen, retention })
}

const settings = { intake: 'open', copies: '', timeout: '', queue: '' }

describe('what operators say is kept', () => {
  it('stays: favourites, examples, and what is shared until the link ends', async () => {
    await open('90d,keep:favourites,examples,shared')
    const [starred, shown, shared, plain] = [
      await make('a'),
      await make('b'),
      await make('c'),
      await make('d'),
    ]
    await ada().post(`/p/${starred}/favourite`, { favourite: 'yes' })
    await ada().post(`/p/${shown}/example`)
    await ada().post(`/p/${shared}/shares`, { ends: '365' })
    const gone = async () =>
      Promise.all([starred, shown, shared, plain].map((id) => isGone(id ?? '')))
    await pass(91)
    expect(await gone()).toEqual([false, false, false, true])
    const [link] = await shareLinksOf(sandpit, shared ?? '')
    await ada().post(`/p/${shared}/shares/${link?.id}/revocation`)
    await pass(1)
    expect(await gone()).toEqual([false, false, true, true])
  })

  it('goes with the others if nothing is said of it', async () => {
    await open('90d')
    const id = await make('a')
    await ada().post(`/p/${id}/example`)
    await pass(91)
    expect(await isGone(id)).toBe(true)
  })

  it('can differ by model', async () => {
    await open('90d')
    const ids = [await make('a'), await make('b', 'other')]
    await save('echo', '10')
    await save('other', 'keep')
    const refused = await save('other', 'ten')
    expect(refused.status).toBe(422)
    expect(await refused.text()).toMatch(/name="retention"[^>]*value="ten"/)
    await olga().post('/settings/models', { ...settings, model: 'team/echo', queue: '9' })
    expect((await olga().get('/team/echo/edit')).text).toMatch(/name="retention"[^>]*value="10"/)
    const { entries } = await sandpit.store.entries({ actions: ['model changed'] }, 9, null)
    expect(entries.map(({ detail }) => detail)).toContain('days that data is kept: as for all → 10')
    const gone = () => Promise.all(ids.map(isGone))
    expect(await gone()).toEqual([false, false])
    await pass(11)
    expect(await gone()).toEqual([true, false])
    await pass(100)
    expect(await gone()).toEqual([true, false])
  })
})
