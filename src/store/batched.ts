import { shareReads } from './shared-reads.ts'
import type { Store } from './store.ts'

/**
 * The same store, which reads the revisions that are asked for at once, or while others are read, in one statement:
 * many wait for what one payload tells.
 */
export function batchRevisions(store: Store): Store {
  let asked = new Set<string>()

  const read = shareReads(() => {
    const ids = [...asked]
    asked = new Set()
    return store.revisionsOf(ids)
  })

  return {
    ...store,
    revisionsOf(ids) {
      for (const id of ids) asked.add(id)
      return read()
    },
  }
}
