import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { query } from '../support/postgres.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'

let database: SharedDatabase
beforeEach(async () => {
  database = await createSharedDatabase()
})
afterEach(() => database.close())

it('is one line in the log when all connections are lost at once', async () => {
  const logged: (readonly [object, string])[] = []
  const { app } = await database.open({
    log: { info() {}, error: (details, message) => logged.push([details, message]) },
  })
  await Promise.all(Array.from({ length: 20 }, () => app.request('/predictions')))
  await query(
    database.url,
    `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const lines = () => logged.filter(([, message]) => message.startsWith('Connections'))
  await eventually(() => expect(lines()).not.toEqual([]))
  expect(lines()).toEqual([
    [
      { connections: expect.any(Number), reason: expect.stringContaining('administrator') },
      'Connections to the database were lost',
    ],
  ])
  expect(lines()[0]?.[0]).toHaveProperty(
    'connections',
    expect.toSatisfy((count) => count > 5),
  )
})
