import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../src/root.ts'
import { exampleOf, openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

describe.each(readdirSync(join(root, 'models')))('sandpit/%s', (name) => {
  it('can be described', async () => {
    const model = await trial.sandpit.runner.findModel({ owner: 'sandpit', name })
    expect(model).toMatchObject({ broken: null, readme: expect.stringMatching(/\S/) })
  })

  it('has a cover', async () => {
    const response = await trial.visitor.request(`/sandpit/${name}/assets/cover.svg`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toContain('image/svg+xml')
  })

  it('explains each of its inputs, in its form and in its README', async () => {
    const model = await trial.sandpit.runner.findModel({ owner: 'sandpit', name })
    const input = model?.version.schemas.Input as { properties: Record<string, object> }
    for (const [field, schema] of Object.entries(input.properties)) {
      expect(schema).toHaveProperty('description')
      expect(model?.readme).toContain(`\`${field}\``)
    }
  })

  it('opens with its example', async () => {
    const page = await trial.visitor.request(`/sandpit/${name}?example=default`)
    expect(page.status).toBe(200)
    expect(await page.text()).not.toContain('aria-invalid')
  })

  it('succeeds on its example', async () => {
    expect(await trial.run(name, exampleOf(name))).toMatchObject({
      status: 'succeeded',
      error: null,
    })
  })
})
