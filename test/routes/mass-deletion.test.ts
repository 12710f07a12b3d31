import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const echo = (name: string) => `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/${name}', description: 'Makes a file.',
  input: z.object({ text: z.string() }), output: file(),
  run: ({ text }, ctx) => ctx.file(Buffer.from(text), { name: 'made.txt' }),
})`

const options = {
  models: [writeModels({ echo: echo('echo'), other: echo('other') })],
  environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
}

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp(options)
})
afterEach(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)

async function make(name: string, text: string, model = 'echo'): Promise<string> {
  const id = idIn(await person(name).run(`/team/${model}`, { 'input.text': text }))
  const made = await sandpit.runner.settledWithin(id, 60_000)
  expect(made?.status).toBe('succeeded')
  return id
}

async function press(name: string, address: string) {
  const { text } = await person(name).get(address)
  const key = /name="key" value="(\w+)"/.exec(text)?.[1] ?? ''
  return { text, answer: await person(name).post(address, { key }) }
}

async function left(...ids: readonly string[]): Promise<readonly boolean[]> {
  return Promise.all(ids.map(async (id) => (await sandpit.runner.find(id)) !== null))
}

describe('all that somebody made', () => {
  it('can be downloaded by them, with its files', async () => {
    await make('ada', 'a first text')
    await make('ben', 'not of ada')
    const answer = await person('ada').post('/account/export')
    expect(answer.headers.get('Content-Type')).toBe('application/zip')
    const zip = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    expect(zip).toContain('a first text')
    expect(zip).toMatch(/files\/made\.txt/)
    expect(zip).toContain('prediction.json')
    expect(zip).not.toContain('not of ada')
    const { entries } = await sandpit.store.entries({ actions: ['exported'] }, 5, null)
    expect(entries).toMatchObject([{ actor: 'ada', subject: 'all of their own' }])
  })

  it('can be deleted by them, and nothing of others goes', async () => {
    const own = [await make('ada', 'a'), await make('ada', 'b', 'other')]
    const another = await make('ben', 'c')
    const { text, answer } = await press('ada', '/account/deletion')
    expect(text).toContain('Delete 2 predictions?')
    expect(answer.status).toBe(303)
    await eventually(async () => expect(await left(...own, another)).toEqual([false, false, true]))
    await eventually(async () => expect(await sandpit.store.removals()).toEqual([]))
    expect((await person('ada').get('/account/deletion')).text).toContain('nothing to delete')
    const { entries } = await sandpit.store.entries({ actions: ['data removed'] }, 5, null)
    expect(entries).toMatchObject([{ actor: 'ada', detail: 'all of their own' }])
  })

  it('is led to from their account', async () => {
    const { text } = await person('ada').get('/account')
    for (const path of ['/account/export', '/account/shares', '/account/deletion'])
      expect(text).toContain(`"${path}"`)
    expect(text).toContain('Until somebody deletes it.')
  })
})

describe('all that a filter finds', () => {
  it('goes: of operators all, of others what they made', async () => {
    const ids = [await make('ada', 'a'), await make('ben', 'b'), await make('ada', 'c', 'other')]
    const ofAda = await press('ada', '/predictions/deletion/matching?model=team%2Fecho')
    expect(ofAda.text).toContain('Delete 1 prediction?')
    await eventually(async () => expect(await left(...ids)).toEqual([false, true, true]))
    const ofOlga = await press('olga', '/predictions/deletion/matching')
    expect(ofOlga.text).toContain('Delete 2 predictions?')
    await eventually(async () => expect(await left(...ids)).toEqual([false, false, false]))
  })

  it('goes once, and not without the key of its form', async () => {
    const id = await make('ada', 'a')
    await person('ada').post('/predictions/deletion/matching')
    expect(await left(id)).toEqual([true])
  })
})

describe('a deletion that a crash interrupted', () => {
  it('goes on at the next start', async () => {
    await sandpit.close()
    const data = mkdtempSync(join(tmpdir(), 'sandpit-test-'))
    sandpit = await createTestApp({ ...options, data })
    const ids = [await make('ada', 'a'), await make('ada', 'b')]
    const filter = { createdBy: 'ada' }
    const removal = { id: 'r'.repeat(26), filter, uploadsOf: null, createdAt: 0 }
    await sandpit.store.addRemoval(removal)
    await sandpit.close()
    sandpit = await createTestApp({ ...options, data })
    expect(await left(...ids)).toEqual([true, true])
    await sandpit.removals.resume()
    expect(await left(...ids)).toEqual([false, false])
    expect(await sandpit.store.removals()).toEqual([])
  })
})

describe('the storage page', () => {
  it('says what files take, by model and person, to operators alone', async () => {
    await make('ada', 'x'.repeat(2_048))
    await make('ada', 'x'.repeat(2_048), 'other')
    await make('ben', 'y'.repeat(1_024))
    expect((await person('ada').get('/settings/storage')).status).toBe(403)
    const { text } = await person('olga').get('/settings/storage')
    // The same content is on the disk once.
    expect(text).toContain('3.0 KB of files')
    expect(text).toMatch(
      /<td>team\/echo<\/td><td><span class="n">2<\/span><\/td><td><span class="n">3\.0 KB/,
    )
    expect(text).toMatch(
      /<td>ada<\/td><td><span class="n">2<\/span><\/td><td><span class="n">4\.0 KB/,
    )
  })
})
