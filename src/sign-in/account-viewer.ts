import { type StandingRules, standingOf } from '../domain/people/standing.ts'
import { nobody, type Role, type Viewer } from '../domain/people/viewer.ts'
import type { PeopleStore } from '../store/people.ts'

interface AccountViewerOptions {
  readonly store: Pick<PeopleStore, 'findPerson'>
  readonly rules: StandingRules
  /** The role of a browser where nobody signs in; null where people do. */
  readonly browserRole: Role | null
}

/** The viewer that an account is now, with all rights of its role: for what goes on in their name. */
export async function viewerOfAccount(
  { store, rules, browserRole }: AccountViewerOptions,
  account: string,
): Promise<Viewer> {
  if (account === '') return nobody
  if (account.startsWith('token:') || account === 'this-machine')
    return { ...nobody, id: account, kind: 'machine', role: 'operator' }
  const person = await store.findPerson(account)
  if (person)
    return person.disabledAt === null
      ? { ...nobody, id: account, kind: 'person', ...standingOf(rules, person) }
      : nobody
  return browserRole === null
    ? nobody
    : { ...nobody, id: account, kind: 'browser', role: browserRole }
}
