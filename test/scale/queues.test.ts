/**
 * The suites of settings, deployments, chains, turns and quotas, each app on a PostgreSQL database of its own.
 * @module
 */
import { afterAll, describe, inject } from 'vitest'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { openOn } from '../support/test-app.ts'

const server = inject('postgres')
const databases = new Map<string, Promise<string>>()

openOn(async (data) => {
  const known = databases.get(data) ?? createDatabase(server, inject('template'))
  databases.set(data, known)
  return `${server}/${await known}`
})
afterAll(async () => {
  for (const name of databases.values()) await dropDatabase(server, await name)
})

describe('settings', async () => void (await import('../routes/settings.test.ts')))
describe('deployments', async () => void (await import('../routes/deployments.test.ts')))
describe('chains', async () => void (await import('../routes/chains.test.ts')))
describe('clocks and removals', async () =>
  void (await import('../runner/clock-and-removal.test.ts')))
describe('turns', async () => void (await import('../runner/queue/turns.test.ts')))
describe('quotas', async () => void (await import('../routes/quotas.test.ts')))
