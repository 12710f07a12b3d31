import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { root } from '../../src/root.ts'
import { echo, writeModels } from '../support/models.ts'
import { query } from '../support/postgres.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'

let database: SharedDatabase
beforeEach(async () => {
  database = await createSharedDatabase()
})
afterEach(() => database.close())

/** What docs/scale.md says that a replica has. */
function documented(): number {
  const docs = readFileSync(join(root, 'docs/scale.md'), 'utf8')
  return Number(/\| connections of a replica +\| up to (\d+)/.exec(docs)?.[1])
}

const statement = `
  select count(*)::int as count from pg_stat_activity
  where datname = current_database() and application_name like 'sandpit%'`

it('are no more than the documentation says, however much is asked at once', async () => {
  const { app } = await database.open({ models: [writeModels({ echo })] })
  const run = () =>
    app.request('/v1/predictions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Prefer: 'wait=20' },
      body: JSON.stringify({ version: 'team/echo', input: { text: 'a' } }),
    })
  let most = 0
  for (let round = 0; round < 5; round++) {
    const busy = Array.from({ length: 40 }, (_, at) =>
      at % 2 ? run() : app.request('/predictions'),
    )
    const counted = query(database.url, statement)
    await Promise.all(busy)
    for (const [row] of [await counted, await query(database.url, statement)])
      most = Math.max(most, (row as { count: number }).count)
  }
  expect(most).toBeGreaterThan(10)
  expect(most).toBeLessThanOrEqual(documented())
  console.info(`${most} connections`)
})
