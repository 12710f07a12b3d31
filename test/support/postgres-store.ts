import { inject } from 'vitest'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { createDatabase, dropDatabase } from './postgres.ts'

export type TestDatabase = Awaited<ReturnType<typeof createTestDatabase>>

type Handle = Awaited<ReturnType<typeof openPostgres>>

/** An empty migrated database. */
export async function createTestDatabase() {
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  const url = `${server}/${name}`
  const opened: Handle[] = []

  return {
    url,
    /** Opens it as a replica. */
    async open(replica: string): Promise<Handle> {
      const handle = await openPostgres({ url, replica, onLost() {} })
      opened.push(handle)
      return handle
    },
    /** Closes all that was opened, and removes the database. */
    async drop(): Promise<void> {
      await Promise.all(opened.map(({ store }) => store.close()))
      await dropDatabase(server, name)
    },
  }
}
