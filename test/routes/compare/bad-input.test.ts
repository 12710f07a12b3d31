import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { namedPerson } from '../../support/named-person.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createWaitingProvider } from '../../support/waiting-provider.ts'

/** One more than are compared at once. */
const names = Array.from({ length: 11 }, (_, at) => `m${at}`)

const everyDay = Date.UTC(2026, 2, 14, 12)
let now = everyDay
let sandpit: TestApp
afterEach(async () => {
  now = everyDay
  await sandpit.close()
})

async function start(more: Readonly<Record<string, string>> = {}): Promise<void> {
  const models = names.map((name) => ({
    name,
    copies: 2,
    inputs: { prompt: { type: 'string' } },
  }))
  sandpit = await createTestApp({
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga', ...more },
    providers: () => [createWaitingProvider({ models, runsHere: true })],
    now: () => now,
  })
}

const person = (name: string) => namedPerson(sandpit, name)
const pathsOf = (some: readonly string[]) => some.map((name) => `test/${name}`)

describe('more models than can be compared', () => {
  it('are left out, with a sentence, and nothing is run before it was read', async () => {
    await start()
    const { status, text } = await person('ada').get(`/compare?models=${pathsOf(names)}`)
    expect(status).toBe(422)
    expect(text).toContain('At most 10 models can be compared at once. The others were left out.')
    expect(text.match(/name="models"/g)).toHaveLength(10)
    const typed = { models: pathsOf(names), 'input.prompt': 'Dunes', run: '' }
    const pressed = await person('ada').post('/compare', typed)
    expect(pressed.status).toBe(422)
    const again = await pressed.text()
    expect(again).toContain('Nothing was run.')
    expect(again).toContain('Dunes</textarea>')
    expect(again.match(/name="models"/g)).toHaveLength(10)
  })
})

describe('a model that the viewer may not see', () => {
  it('is answered as one that is not there, and its name is not offered', async () => {
    await start()
    const hidden = { owner: 'test', name: 'm1' }
    await sandpit.edits.save(hidden, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
    const seen = await person('ada').get('/compare?models=test/m0,test/m1')
    const unknown = await person('ada').get('/compare?models=test/m0,test/m99')
    expect([seen.status, unknown.status]).toEqual([422, 422])
    expect(seen.text).toContain('There is no model “test/m1” here. Give its name as owner/name.')
    expect(unknown.text).toContain('There is no model “test/m99” here.')
    expect(seen.text).not.toContain('value="test/m1"')
    const typed = { models: pathsOf(['m0', 'm1']), 'input.prompt': 'Dunes', run: '' }
    const pressed = await person('ada').post('/compare', typed)
    expect(pressed.status).toBe(422)
    expect(await pressed.text()).toContain('There is no model “test/m1” here.')
    expect((await person('olga').get('/compare?models=test/m0,test/m1')).status).toBe(200)
  })
})

describe('a quota that suffices for some of the runs', () => {
  it('is said beside Run; the rest is run once there is more', async () => {
    await start({ SANDPIT_QUOTA: 'member=day:2' })
    const models = pathsOf(['m0', 'm1', 'm2'])
    const { text } = await person('ada').get(`/compare?models=${models}`)
    expect(text).toMatch(/3 runs<span id="quota-used"> · 0 of 2 runs today</)
    const ran = await person('ada').post('/compare', { models, 'input.prompt': 'Dunes', run: '' })
    expect(ran.status).toBe(303)
    const [, id = ''] = /group=(\w+)/.exec(ran.headers.get('Location') ?? '') ?? []
    const page = async () => (await person('ada').get(`/compare?group=${id}`)).text
    await eventually(async () => expect(await page()).toContain('1 run was not started.'))
    expect(await page()).toContain('All 2 runs of today are used, until midnight UTC.')
    await eventually(async () => expect(await page()).toContain('2 of 3 done'))
    now += 24 * 60 * 60_000
    expect((await person('ada').post(`/g/${id}/resumption`)).status).toBe(303)
    await eventually(async () => expect(await page()).toContain('3 of 3 done'))
    expect(await page()).not.toContain('not started')
  })
})
