import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

/** Is there when the slow models may end. */
const gate = join(mkdtempSync(join(tmpdir(), 'sandpit-gate-')), 'open')
const slow = `
  import { existsSync } from 'node:fs'
  while (!existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 20))`
const quick = (name: string) => `
  import { defineModel, z } from 'sandpit/model'
  export const model = defineModel({
    name: 'test/${name}',
    description: 'Answers at once.',
    input: z.object({}),
    output: z.string(),
    run: () => 'from ${name}',
  })`

const models = writeModels({
  ...Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`a-slow-${at}`, slow])),
  quick: quick('quick'),
  named: quick('otherwise'),
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    readsFirst: false,
    localLimits: { listWaitMs: 50, describeMs: 120_000 },
    environment: { SANDPIT_API_TOKENS: 'secret' },
  })
})
afterAll(() => sandpit.close())

const cards = (html: string) => [...html.matchAll(/<article class="model-card"/g)].length

describe('while models are still being read', () => {
  it('the first page is there at once, and the rest comes', async () => {
    const visitor = createVisitor(sandpit)
    const first = await visitor.request('/')
    const html = await first.text()
    expect(first.status).toBe(200)
    expect(cards(html)).toBeLessThan(6)
    expect(html).toMatch(/\d more models? (?:is|are) still loading/)
    // Without scripts the page is loaded again, with them its list asks for itself.
    expect(html).toMatch(/<noscript><meta http-equiv="refresh" content="\d+"/)
    expect(html).toMatch(/<div id="found" hx-get="\/" hx-trigger="load delay:1s"/)
  })

  it('a model that somebody asks for is read before the others', async () => {
    const visitor = createVisitor(sandpit)
    const page = async () => {
      const answer = await visitor.request('/test/quick')
      // Until then the page says so, and comes by itself.
      if (answer.status !== 200) {
        expect(answer.status).toBe(503)
        expect(answer.headers.get('Refresh')).toBe('2')
        expect(await answer.text()).toContain('still loading')
      }
      expect(answer.status).toBe(200)
    }
    await eventually(page)
    expect(sandpit.runner.modelsReading()).toBeGreaterThan(0)
  })

  it('one that may be among them is not said to be absent', async () => {
    const visitor = createVisitor(sandpit)
    expect((await visitor.request('/test/absent')).status).toBe(503)
    expect([200, 503]).toContain((await visitor.request('/test/otherwise')).status)
    const headers = { Authorization: 'Bearer secret', Host: 'localhost' }
    const asked = () => sandpit.app.request('/v1/models/test/otherwise', { headers })
    await eventually(async () => {
      const answer = await asked()
      if (answer.status === 200) return
      expect(answer.status).toBe(503)
      expect(answer.headers.get('Retry-After')).toBe('2')
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
      expect(answer.status).toBe(200)
    })
  })

  it('all are there once they are read, and one that is not is absent', async () => {
    const visitor = createVisitor(sandpit)
    writeFileSync(gate, '')
    await sandpit.runner.readModels()
    const html = await (await visitor.request('/')).text()
    expect(cards(html)).toBe(6)
    expect(html).not.toContain('still loading')
    expect(html).not.toContain('hx-get="/"')
    expect((await visitor.request('/test/absent')).status).toBe(404)
  })
})
