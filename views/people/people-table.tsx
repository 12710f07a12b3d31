import type { Person } from '../../src/domain/people/person.ts'
import { type Role, roles } from '../../src/domain/people/viewer.ts'
import { Moment } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'

export interface PersonLine {
  readonly person: Person
  /** That they have now. */
  readonly role: Role
  /** That their groups give, or the environment. */
  readonly byGroups: Role
  /** The groups for which they act. */
  readonly namespaces: readonly string[]
  /** Predictions accepted since midnight UTC. */
  readonly runsToday: number
  /** The limit of runs a day that was set by hand, as it is written; empty for none. */
  readonly perDay: string
  /** That of their role; empty for none. */
  readonly perDayByRole: string
  /** A limit that was typed and not saved; null for none. */
  readonly typedPerDay: string | null
  /** What was chosen and not saved: a role, or `groups`; null for nothing. */
  readonly typedRole: string | null
  /** Why that was refused; null when it was not. */
  readonly error: string | null
}

/** The form of the buttons that shut people out: Enter in the other form must not press one of them. */
export const accessFormId = 'access'

/** People as rows of a form. */
export function PeopleTable({ lines }: { lines: readonly PersonLine[] }) {
  return (
    <ScrollTable
      label='People, table'
      columns={['Person', 'Role', 'Acts for', 'Runs today', 'of', 'Seen']}
      actions='Actions'
    >
      {lines.map((line) => (
        <Row {...line} />
      ))}
    </ScrollTable>
  )
}

function Row(line: PersonLine) {
  const { person, namespaces, error } = line
  const { handle, name, email, disabledAt, seenAt } = person
  const isOut = disabledAt !== null
  const [word, press] = isOut ? ['Enable', 'enable'] : ['Disable', 'disable']
  return (
    <tr id={handle}>
      <td>
        <b>{handle}</b> {isOut && <span class='tag'>disabled</span>}
        <br />
        <span class='field-note'>{email ?? name}</span>
      </td>
      <td>
        <RoleChoice {...line} />
        {error !== null && (
          <p class='field-error' id={`error-${handle}`} role='alert'>
            {error}
          </p>
        )}
      </td>
      <td>{namespaces.length === 0 ? 'nobody else' : namespaces.join(', ')}</td>
      <td>
        <span class='n'>{line.runsToday}</span>
      </td>
      <td>
        <input type='hidden' name={`was-quota-${handle}`} value={line.perDay} />
        <input
          name={`quota-${handle}`}
          inputmode='numeric'
          size={5}
          value={line.typedPerDay ?? line.perDay}
          placeholder={line.perDayByRole}
          aria-label={`Runs a day, ${handle}`}
        />
      </td>
      <td>
        <Moment at={seenAt} shows='both' />
      </td>
      <td>
        <button
          class='button bare'
          type='submit'
          form={accessFormId}
          name='press'
          value={`${press} ${handle}`}
          aria-label={`${word} ${handle}`}
        >
          {word}
        </button>
      </td>
    </tr>
  )
}

function RoleChoice({ person, byGroups, typedRole, error }: PersonLine) {
  const { handle } = person
  const saved = person.role ?? 'groups'
  const chosen = typedRole ?? saved
  return (
    <>
      <input type='hidden' name={`was-${handle}`} value={saved} />
      <select
        name={`role-${handle}`}
        aria-label={`Role of ${handle}`}
        {...(error === null
          ? {}
          : { 'aria-invalid': 'true', 'aria-describedby': `error-${handle}` })}
      >
        <option value='groups' selected={chosen === 'groups'}>
          {byGroups}, by groups
        </option>
        {roles.map((role) => (
          <option value={role} selected={chosen === role}>
            {role}, by hand
          </option>
        ))}
      </select>
    </>
  )
}
