import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const fickle = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/fickle', description: 'Fails when it is told to.',
  input: z.object({ fails: z.boolean().default(false) }), output: z.string(),
  run: ({ fails }) => { if (fails) throw new Error('out of <ink>'); return 'done' },
})`

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({
    models: [writeModels({ fickle })],
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
  })
})
afterEach(() => sandpit.close())

const path = '/settings/models/team/fickle'

async function run(name: string, values: Record<string, string> = {}): Promise<string> {
  const id = idIn(await namedPerson(sandpit, name).run('/team/fickle', values))
  await sandpit.runner.settledWithin(id, 60_000)
  return id
}

describe('the runs of a model', () => {
  it('are for operators alone, and linked from its pages for them', async () => {
    const pages = await Promise.all(
      ['ada', 'olga'].map((name) => namedPerson(sandpit, name).get('/team/fickle/versions')),
    )
    expect(pages.map(({ text }) => text.includes(`href="${path}"`))).toEqual([false, true])
    expect((await namedPerson(sandpit, 'ada').get(path)).status).toBe(403)
    expect((await namedPerson(sandpit, 'olga').get(`${path}x`)).status).toBe(404)
  })

  it('are counted as they end, over a day and over a month', async () => {
    const olga = namedPerson(sandpit, 'olga')
    expect((await olga.get(path)).text).toContain('No run ended in this time')
    for (const fails of [false, false, false, true])
      await run('ada', fails ? { 'input.fails': 'true' } : {})
    for (const [query, each] of [
      ['', 'an hour'],
      ['?over=month', 'a day'],
    ] as const) {
      const { text } = await olga.get(path + query)
      expect(text).toContain('<dt>Runs</dt><dd>4</dd>')
      expect(text).toContain('<dt>Succeeded</dt><dd>75.0 %</dd>')
      expect(text).toContain(`Runs ${each}: 4 runs in all, at most 4, 1 failed`)
      expect(text).toMatch(/<dt>Ran, p95<\/dt><dd>[\d.]+ m?s<\/dd>/)
    }
  })

  it('have a chart of their times once one has succeeded', async () => {
    const olga = namedPerson(sandpit, 'olga')
    await run('ada', { 'input.fails': 'true' })
    expect((await olga.get(path)).text).toContain('How long a run takes: nothing was measured')
    await run('ada')
    expect((await olga.get(path)).text).toMatch(/How long a run takes, at most [\d.]+ m?s</)
  })

  it('stay counted when predictions are deleted', async () => {
    const id = await run('ada')
    await sandpit.runner.remove(id)
    expect((await namedPerson(sandpit, 'olga').get(path)).text).toContain('<dt>Runs</dt><dd>1</dd>')
  })

  it('that failed are listed, with why and for whom', async () => {
    const id = await run('ada', { 'input.fails': 'true' })
    const { text } = await namedPerson(sandpit, 'olga').get(path)
    expect(text).toContain('out of &lt;ink&gt;')
    expect(text).toContain('<td>ada</td>')
    expect(text).toContain(`href="/p/${id}"`)
  })
})
