import type { GroupRule } from '../../src/domain/people/standing.ts'
import { ScrollTable } from '../scroll-table.tsx'

export interface GroupsSectionProps {
  readonly groups: readonly GroupRule[]
  /** How many people each has, of those who are let in. */
  readonly counts: {
    readonly ofRules: ReadonlyMap<GroupRule, number>
    /** Of owner names that were given by hand. */
    readonly given: ReadonlyMap<string, number>
    /** False when there are more people than were counted. */
    readonly isWhole: boolean
  }
}

/** The groups of the environment, and the owner names that were given by hand. */
export function GroupsSection({ groups, counts }: GroupsSectionProps) {
  const { ofRules, given, isWhole } = counts
  if (groups.length === 0 && given.size === 0) return null
  const byName = [...given].sort(([one], [other]) => (one < other ? -1 : 1))
  const number = (count: number) => (isWhole ? String(count) : `${count} or more`)
  return (
    <section aria-labelledby='groups'>
      <header class='section-head'>
        <h2 id='groups'>Groups</h2>
        <p>SANDPIT_GROUPS, and owner names that were given by hand</p>
      </header>
      <ScrollTable label='Groups, table' columns={['At the provider', 'Here', 'Role', 'People']}>
        {groups.map((rule) => (
          <tr>
            <td>
              <code>{rule.claim}</code>
            </td>
            <td>{rule.namespace ?? 'no group'}</td>
            <td>{rule.role}</td>
            <td>
              <span class='n'>{number(ofRules.get(rule) ?? 0)}</span>
            </td>
          </tr>
        ))}
        {byName.map(([name, count]) => (
          <tr>
            <td>by hand</td>
            <td>{name}</td>
            <td>that of each person</td>
            <td>
              <span class='n'>{number(count)}</span>
            </td>
          </tr>
        ))}
      </ScrollTable>
    </section>
  )
}
