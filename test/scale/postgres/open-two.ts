import type { OpenedStore } from '../../store/opened-store.ts'
import { createTestDatabase } from '../../support/postgres-store.ts'

/** An empty database, opened by two replicas. */
export async function openTwo() {
  const database = await createTestDatabase()
  const { store: first, queue } = await database.open('a')
  const { store: second } = await database.open('b')
  return { first, second, queue, close: database.drop } satisfies OpenedStore & { queue: unknown }
}
