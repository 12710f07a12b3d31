import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ofPrediction } from '../support/shares.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let data: string
let sandpit: TestApp
let other: DatabaseSync
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'sandpit-busy-'))
  sandpit = await createTestApp({ data, environment: { SANDPIT_API_TOKENS: 'a-token' } })
  other = new DatabaseSync(join(data, 'sandpit.sqlite'))
})
afterEach(async () => {
  other.close()
  await sandpit.close()
  rmSync(data, { recursive: true, force: true })
})

const run = () => createVisitor(sandpit).run('sandpit/hello-world', { text: 'Ada' })
const runByApi = () =>
  sandpit.app.request('/v1/models/sandpit/hello-world/predictions', {
    method: 'POST',
    headers: { Authorization: 'Bearer a-token', 'Content-Type': 'application/json' },
    body: JSON.stringify({ input: { text: 'Ada' } }),
  })

/** How long the event loop stood still at most, while something was done. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return Math.max(longest, performance.now() - last)
}

it('goes on answering while another process writes, and writes once that is done', async () => {
  await sandpit.runner.models()
  other.exec('begin immediate')
  const made = run()
  const longest = await longestBlock(async () => {
    for (let tries = 0; tries < 10; tries++) {
      expect((await sandpit.app.request('/healthz')).status).toBe(200)
      expect((await sandpit.app.request('/predictions')).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  })
  expect(longest).toBeLessThan(1_000)
  other.exec('commit')
  expect((await made).status).toBe(303)
})

it('refuses what has waited too long with 503, on pages and in the API, and goes on afterwards', async () => {
  other.exec('begin immediate')
  const refused = Promise.all([
    run(),
    runByApi(),
    sandpit.store.endShares({ of: ofPrediction('a'.repeat(26)) }, 1).catch(String),
  ])
  const longest = await longestBlock(() => refused)
  const [page, api, revoked] = await refused
  expect(longest).toBeLessThan(1_500)
  expect(page.status).toBe(503)
  expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect(await page.text()).toContain('locked by another program')
  expect(api.status).toBe(503)
  expect(api.headers.get('Retry-After')).toBe('5')
  expect(await api.json()).toMatchObject({ status: 503, title: 'Database in use' })
  expect(revoked).toContain('StoreBusy')
  other.exec('commit')
  expect((await run()).status).toBe(303)
})
