import { afterAll, beforeAll, expect, it } from 'vitest'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp()
})
afterAll(() => sandpit.close())

it('shows the seed that was drawn, and fills it into the form on request', async () => {
  const visitor = createVisitor(sandpit)
  const ran = await visitor.run('sandpit/story', { words: '10', pace: '0', opening: 'Once' })
  const id = idIn(ran)
  const settled = await sandpit.runner.settledWithin(id, 60_000)
  const seed = String(settled?.metrics.seed)
  expect(seed).toMatch(/^\d+$/)

  const page = await (await visitor.request(`/sandpit/story?prediction=${id}`)).text()
  expect(page).toContain(`<dt>Seed</dt><dd>${seed}</dd>`)
  expect(page).toContain(`name="seed" value="${seed}" formnovalidate="">Same seed, ${seed}<`)
  const json = await (await visitor.request(`/p/${id}/prediction.json`)).json()
  expect(json).toMatchObject({ metrics: { seed: Number(seed) } })

  const hidden = await visitor.openForm('sandpit/story')
  const inputs = { 'input.words': '10', 'input.opening': 'Once more' }
  const pressed = await visitor.post('/predictions', { ...hidden, ...inputs, beside: id, seed })
  const form = await pressed.text()
  expect(pressed.status).toBe(200)
  expect(form).toMatch(new RegExp(`name="input.seed"[^>]* value="${seed}"`))
  expect(form).toContain('>Once more</textarea>')
  expect(form).toMatch(/formnovalidate="" hidden=""[^>]*>Same seed/)
})

it('offers no seed before there is a result', async () => {
  const page = await (await createVisitor(sandpit).request('/sandpit/story')).text()
  expect(page).toMatch(/name="seed" value="" formnovalidate="" hidden=""[^>]*>Same seed</)
})
