import { afterAll, beforeAll, expect, it } from 'vitest'
import { ranMs, tookMs, waitedMs } from '../../src/domain/prediction/durations.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let now = Date.UTC(2026, 0, 2)
let sandpit: TestApp
beforeAll(async () => {
  // Each look at the clock finds it set back once more.
  sandpit = await createTestApp({
    now: () => {
      now -= 60_000
      return now
    },
  })
})
afterAll(() => sandpit.close())

it('takes no less than no time, however far the clock is set back', async () => {
  const made = await createVisitor(sandpit).run('sandpit/hello-world', { text: 'Ada' })
  const id = idIn(made)
  const settled = await sandpit.runner.settledWithin(id, 60_000)
  if (!settled) throw new Error('It is gone')
  expect(settled.completedAt).toBeLessThan(settled.createdAt)
  expect([ranMs(settled), waitedMs(settled), tookMs(settled)]).toEqual([0, 0, 0])
  const json = await (await sandpit.app.request(`/p/${id}/prediction.json`)).json()
  expect(json.metrics).toMatchObject({ predict_time: 0, total_time: 0 })
  expect(await (await sandpit.app.request(`/p/${id}`)).text()).not.toMatch(/-\d[\d.]* ?(s|min|h)\b/)
  const metrics = await sandpit.app.request('/metrics')
  expect(metrics.status).toBe(200)
  expect(await metrics.text()).toMatch(/sandpit_predict_seconds_total\{[^}]*\} 0/)
})
