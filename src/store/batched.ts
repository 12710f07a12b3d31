import type { Revision, Store } from './store.ts'

/**
 * The same store, which reads all revisions that are asked for at once in one statement: many wait for what
 * one payload tells.
 */
export function batchRevisions(store: Store): Store {
  let next: Promise<ReadonlyMap<string, Revision>> | null = null
  let asked = new Set<string>()

  async function read(): Promise<ReadonlyMap<string, Revision>> {
    await Promise.resolve()
    const ids = [...asked]
    asked = new Set()
    next = null
    return store.revisionsOf(ids)
  }

  return {
    ...store,
    revisionsOf(ids) {
      for (const id of ids) asked.add(id)
      next ??= read()
      return next
    },
  }
}
