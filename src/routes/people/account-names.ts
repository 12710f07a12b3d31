import type { Deps } from '../../deps.ts'
import { namespaceOf } from '../../domain/people/account.ts'

/** The names of accounts, for people: handles of persons, owner names of groups, else the ids themselves. */
export async function accountNames(
  { store }: Pick<Deps, 'store'>,
  accounts: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(accounts)].filter((id) => id !== '')
  const people = await store.peopleAmong(ids.filter((id) => namespaceOf(id) === null))
  const handles = new Map(people.map(({ id, handle }) => [id, handle]))
  return new Map(ids.map((id) => [id, handles.get(id) ?? namespaceOf(id) ?? id]))
}
