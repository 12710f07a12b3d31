import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

describe('the walking loop', () => {
  let sandpit: TestApp
  beforeAll(async () => {
    sandpit = await createTestApp()
  })
  afterAll(() => sandpit.close())

  it('goes from form to prediction to result', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('sandpit/hello-world', { text: 'World' })
    expect(ran.status).toBe(303)
    const location = ran.headers.get('Location') ?? ''
    expect(location).toMatch(/^\/p\/[a-z2-7]{26}$/)
    await sandpit.runner.settledWithin(location.slice(3), 10_000)
    const page = await (await visitor.request(location)).text()
    expect(page).toContain('Hello World')
    expect(page).toContain('data-status="succeeded"')
  })
})
