import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { usualHold } from '../../providers/support/longest-hold.ts'
import { idOf, predictionOf, start, versionOf } from '../../support/domain.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeAll(async () => {
  sandpit = await createTestApp({ models: [], now: () => start })
  visitor = createVisitor(sandpit)
})
afterAll(() => sandpit.close())

/** About 0.7 MB, which is not yet written to a file. */
const rows = Array.from({ length: 24_000 }, (_, at) => ({ at, name: `row ${at}` }))

/** What one piece of work may take, and a collection of garbage within it. */
const mostMs = 80

function keep(number: number, changes: Partial<Prediction>): Promise<Prediction> {
  const settled = { status: 'succeeded', startedAt: start, completedAt: start } as const
  const prediction = predictionOf({ id: idOf(number), createdAt: start, ...settled, ...changes })
  return sandpit.store.accept(prediction, versionOf({ model: prediction.model }), null)
}

it('compares large outputs while others have their turn', async () => {
  await keep(1, { output: rows })
  await keep(2, { output: rows })
  let text = ''
  const held = await usualHold(async () => {
    const page = await visitor.request(sandpit.paths.difference(idOf(1), idOf(2)))
    text = await page.text()
  })
  expect(text).toContain('Both made the same.')
  expect(held).toBeLessThan(mostMs)
})

it('shows the beginning of a large input', async () => {
  await keep(3, { input: { rows } })
  await keep(4, { input: { rows } })
  const page = await visitor.request(sandpit.paths.difference(idOf(3), idOf(4)))
  const text = await page.text()
  expect(text).toContain('row 99&quot;')
  expect(text).toMatch(/…<\/dd>/)
  expect(text.length).toBeLessThan(100_000)
})
