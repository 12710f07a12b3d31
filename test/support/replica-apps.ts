import { Hono } from 'hono'
import { inject } from 'vitest'
import { createDatabase, dropDatabase } from './postgres.ts'
import { createTestApp, type TestApp, type TestAppOptions } from './test-app.ts'

/** Two replicas in this process, on one PostgreSQL database. */
export async function createReplicaApps(options: TestAppOptions = {}) {
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  const environment = { ...options.environment, DATABASE_URL: `${server}/${name}` }
  const first = await createTestApp({ ...options, environment })
  const second = await createTestApp({ ...options, environment })
  let asked = 0
  return {
    first,
    second,
    url: `${server}/${name}`,
    /** Sends each request to the other replica than the last. */
    inTurns: {
      app: new Hono().all(
        '*',
        (c) => [first, second][asked++ % 2]?.app.fetch(c.req.raw) ?? c.notFound(),
      ),
      paths: first.paths,
    } satisfies Pick<TestApp, 'app' | 'paths'>,
    async close() {
      await Promise.all([first.close(), second.close()])
      await dropDatabase(server, name)
    },
  }
}
