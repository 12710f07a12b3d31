import type { Deps } from '../../deps.ts'
import { type GroupRule, groupRulesOf } from '../../domain/people/standing.ts'

const pageLength = 500
/** The most people that are counted: the rest are in no number. */
const mostCounted = 20_000

/** How many people who are let in each group has. */
export interface GroupCounts {
  readonly ofRules: ReadonlyMap<GroupRule, number>
  /** Of the owner names that were given by hand. */
  readonly given: ReadonlyMap<string, number>
  /** False when there are more people than were counted. */
  readonly isWhole: boolean
}

/** Counts the people of each group, page by page. */
export async function countGroups({ store, config }: Deps): Promise<GroupCounts> {
  const ofRules = new Map<GroupRule, number>()
  const given = new Map<string, number>()
  let after: string | null = null
  for (let counted = 0; counted < mostCounted; counted += pageLength) {
    const people = await store.people(pageLength, after)
    for (const person of people) {
      if (person.disabledAt !== null) continue
      for (const rule of groupRulesOf(config.standing, person)) increment(ofRules, rule)
      for (const name of person.givenNamespaces) increment(given, name)
    }
    const last = people.at(-1)
    if (people.length < pageLength || !last) return { ofRules, given, isWhole: true }
    after = last.handle
  }
  return { ofRules, given, isWhole: false }
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
