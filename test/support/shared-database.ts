import { inject } from 'vitest'
import { createDatabase, dropDatabase } from './postgres.ts'
import { createTestApp, type TestApp, type TestAppOptions } from './test-app.ts'

export type SharedDatabase = Awaited<ReturnType<typeof createSharedDatabase>>

/** A PostgreSQL database of its own, and the replicas that a test opens on it. */
export async function createSharedDatabase() {
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  const url = `${server}/${name}`
  const apps: TestApp[] = []

  return {
    url,
    /** `port`: of a proxy before the server. */
    async open({ port, ...options }: TestAppOptions & { port?: number } = {}): Promise<TestApp> {
      const own = new URL(url)
      if (port !== undefined) own.port = String(port)
      const environment = { ...options.environment, DATABASE_URL: own.href }
      const app = await createTestApp({ ...options, environment })
      apps.push(app)
      return app
    },
    async close(): Promise<void> {
      await Promise.allSettled(apps.map((app) => app.close()))
      await dropDatabase(server, name)
    },
  }
}
