import { Hono } from 'hono'
import { createSharedDatabase } from './shared-database.ts'
import type { TestApp, TestAppOptions } from './test-app.ts'

/** Two replicas in this process, on one PostgreSQL database. */
export async function createReplicaApps(options: TestAppOptions = {}) {
  const database = await createSharedDatabase()
  const first = await database.open(options)
  const second = await database.open(options)
  let asked = 0
  return {
    first,
    second,
    url: database.url,
    /** Sends each request to the other replica than the last. */
    inTurns: {
      app: new Hono().all(
        '*',
        (c) => [first, second][asked++ % 2]?.app.fetch(c.req.raw) ?? c.notFound(),
      ),
      paths: first.paths,
    } satisfies Pick<TestApp, 'app' | 'paths'>,
    close: database.close,
  }
}
