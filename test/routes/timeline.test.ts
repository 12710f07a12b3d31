import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

/** Boots as long as there is a file beside it. */
const held = `
import { existsSync } from 'node:fs'
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/held', description: 'Boots until it may.',
  input: z.object({}), output: z.string(),
  async setup() { while (existsSync('wait')) await new Promise((done) => setTimeout(done, 10)) },
  run: () => 'done',
})`

const pause = (ms: number) => `await new Promise((resolve) => setTimeout(resolve, ${ms}))`

/** Its set-up takes long enough to be seen, and so does the file that it makes. */
const slow = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/slow', description: 'Takes its time.',
  input: z.object({ fails: z.boolean().default(false) }), output: file(),
  async setup() { ${pause(30)} },
  async run({ fails }, ctx) {
    ${pause(30)}
    if (fails) throw new Error('No ink.')
    return ctx.file(new Uint8Array(4_000_000), { name: 'made.bin' })
  },
})`

let sandpit: TestApp
let models: string
let first: string
let second: string
beforeAll(async () => {
  models = writeModels({ slow, held })
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
  })
  first = await run()
  second = await run({ 'input.fails': 'true' })
})
afterAll(() => sandpit.close())

async function run(values: Record<string, string> = {}): Promise<string> {
  const id = idIn(await namedPerson(sandpit, 'ada').run('/team/slow', values))
  await sandpit.runner.settledWithin(id, 60_000)
  return id
}

const duration = String.raw`[\d.]+ m?s`

describe('where the time of a prediction went', () => {
  it('is drawn on its page, with a legend', async () => {
    const { text } = await namedPerson(sandpit, 'ada').get(`/p/${first}`)
    const label = ['Queued', 'Booted', 'Ran', 'Saved'].map((word) => `${word} ${duration}`)
    expect(text).toMatch(new RegExp(`aria-label="${label.join(', ')}"`))
    for (const word of ['Queued', 'Booted', 'Ran', 'Saved'])
      expect(text).toMatch(new RegExp(`</svg>${word}</dt><dd>${duration}</dd>`))
    expect(text).not.toContain('<dt>Waited</dt>')
    expect(text).not.toContain('Pulled')
  })

  it('says of a boot that did not end that it was booting', async () => {
    const ada = namedPerson(sandpit, 'ada')
    const gate = join(models, 'held', 'wait')
    writeFileSync(gate, '')
    const id = idIn(await ada.run('/team/held', {}))
    const page = async () => (await ada.get(`/p/${id}`)).text
    await eventually(async () => expect(await page()).toContain('so far'))
    await sandpit.runner.cancel(id)
    const text = await page()
    expect(text).toMatch(new RegExp(`Booting</dt><dd>${duration}</dd>`))
    expect(text).not.toContain('Booted')
    rmSync(gate)
  })

  it('is drawn while it goes on, on its page and in its panel, where it stays', async () => {
    const ada = namedPerson(sandpit, 'ada')
    const gate = join(models, 'held', 'wait')
    writeFileSync(gate, '')
    const id = idIn(await ada.run('/team/held', {}))
    const wordsOf = async (path: string) =>
      /role="img" aria-label="([^"]*)"/.exec((await ada.get(path)).text)?.[1]
    for (const path of [`/p/${id}`, `/p/${id}/panel`])
      await eventually(async () =>
        expect(await wordsOf(path)).toMatch(/^Queued [\d.]+ m?s, Booting \d:\d\d so far$/),
      )
    const panel = async () => (await ada.get(`/p/${id}/panel`)).text
    const widthIn = (text: string) => Number(/viewBox="0 0 ([\d.]+) 10"/.exec(text)?.[1])
    const before = await panel()
    expect(before).toMatch(/Booting<\/dt><dd data-elapsed="[\d.]+">\d:\d\d</)
    expect(before).toMatch(/<rect [^>]*width="100%"/)
    // The panel of the same state, which is rendered once.
    await eventually(async () => expect(widthIn(await panel())).toBeGreaterThan(widthIn(before)))
    rmSync(gate)
    await sandpit.runner.settledWithin(id, 60_000)
    const after = await panel()
    expect(after).toMatch(/Booted<\/dt><dd>[\d.]+ m?s</)
    expect(after).not.toContain('so far')
    expect(after).not.toContain('width="100%"')
    const place = (text: string) => /<\/header>(<div><div class="timing"><svg)/.exec(text)?.[1]
    expect(place(before)).toBeDefined()
    expect(place(after)).toBe(place(before))
    expect(after.split('class="timing"><svg')).toHaveLength(2)
  })

  it('is how long it waited and ran where nothing had to start', async () => {
    const { text } = await namedPerson(sandpit, 'ada').get(`/p/${second}`)
    for (const word of ['Waited', 'Ran'])
      expect(text).toMatch(new RegExp(`<dt>${word}</dt><dd>${duration}</dd>`))
    expect(text).not.toContain('Booted')
  })

  it('is in its record, whose hash stays that of before where there is none', async () => {
    const records = await Promise.all(
      [first, second].map(async (id) => {
        const { text } = await namedPerson(sandpit, 'ada').get(`/p/${id}.json`)
        return JSON.parse(text)
      }),
    )
    const [cold, warm] = records
    expect(cold.phases.map(({ phase }: { phase: string }) => phase)).toEqual(['booting', 'saving'])
    expect(cold.phases[0].at).toBeGreaterThanOrEqual(cold.created_at)
    expect(cold.phases[0].at).toBeLessThanOrEqual(cold.started_at)
    expect(warm).not.toHaveProperty('phases')
  })

  it('counts as its run from when the model was ready', async () => {
    const prediction = await sandpit.runner.find(first)
    const booting = prediction?.phases.find(({ phase }) => phase === 'booting')
    expect((prediction?.startedAt ?? 0) - (booting?.at ?? 0)).toBeGreaterThanOrEqual(25)
  })

  it('is shown to operators for the last cold start of a model', async () => {
    const { text } = await namedPerson(sandpit, 'olga').get('/settings/models/team/slow')
    const [, section = ''] = text.split('The last cold start, from asked to saved')
    expect(section).toContain(`href="/p/${first}"`)
    expect(section).toMatch(new RegExp(`Booted</dt><dd>${duration}</dd>`))
  })
})
