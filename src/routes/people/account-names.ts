import { LRUCache } from 'lru-cache'
import { namespaceOf } from '../../domain/people/account.ts'
import type { PeopleStore } from '../../store/people.ts'

const mostKnown = 10_000

export type AccountNames = ReturnType<typeof createAccountNames>

/** The names of accounts, for people. A handle never changes, so it is read once. */
export function createAccountNames(store: Pick<PeopleStore, 'peopleAmong'>) {
  const known = new LRUCache<string, string>({ max: mostKnown })

  async function read(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    for (const { id, handle } of await store.peopleAmong(ids)) known.set(id, handle)
  }

  return {
    /** Handles of persons, owner names of groups; other accounts by their ids. */
    async among(accounts: Iterable<string>): Promise<ReadonlyMap<string, string>> {
      const ids = [...new Set(accounts)].filter((id) => id !== '')
      await read(ids.filter((id) => namespaceOf(id) === null && !known.has(id)))
      return new Map(ids.map((id) => [id, known.get(id) ?? namespaceOf(id) ?? id]))
    },
  }
}
