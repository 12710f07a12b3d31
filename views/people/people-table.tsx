import { Moment } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import {
  AccessButton,
  controlId,
  type PersonLine,
  RoleOptions,
  WasShown,
} from './person-controls.tsx'

/** People as rows of a form. */
export function PeopleTable({ lines }: { lines: readonly PersonLine[] }) {
  return (
    <ScrollTable
      label='People, table'
      columns={['Person', 'Role', 'Acts for', 'Runs today', 'of', 'Seen']}
      actions='Actions'
    >
      {lines.map((line) => (
        <Row line={line} />
      ))}
    </ScrollTable>
  )
}

interface RowProps {
  readonly line: PersonLine
}

function Row({ line }: RowProps) {
  const paths = usePaths()
  const { handle, name, email, disabledAt, seenAt } = line.person
  return (
    <tr id={handle}>
      <td>
        <a href={paths.person(handle)}>
          <b>{handle}</b>
        </a>{' '}
        {disabledAt !== null && <span class='tag'>disabled</span>}
        <br />
        <span class='field-note'>{email ?? name}</span>
      </td>
      <td>
        <WasShown line={line} setting='role' />
        <select {...control(line, 'role', `Role of ${handle}`)}>
          <RoleOptions line={line} />
        </select>
        <Problem line={line} setting='role' />
      </td>
      <td>{line.namespaces.length === 0 ? 'nobody else' : line.namespaces.join(', ')}</td>
      <td>
        <span class='n'>{line.runsToday}</span>
      </td>
      <td>
        <WasShown line={line} setting='day' />
        <input
          {...control(line, 'day', `Runs a day, ${handle}`)}
          inputmode='numeric'
          size={5}
          value={line.settings.day?.shown}
          placeholder={line.limitsOfRole.day}
        />
        <Problem line={line} setting='day' />
      </td>
      <td>
        <Moment at={seenAt} shows='both' />
      </td>
      <td>
        <AccessButton {...line} />
      </td>
    </tr>
  )
}

function control(line: PersonLine, setting: string, label: string) {
  const id = controlId({ line, setting })
  const isWrong = (line.settings[setting]?.error ?? null) !== null
  return {
    name: id,
    'aria-label': label,
    ...(isWrong ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${id}-error` } : {}),
  }
}

function Problem({ line, setting }: RowProps & { readonly setting: string }) {
  const error = line.settings[setting]?.error ?? null
  if (error === null) return null
  return (
    <p class='field-error' id={`${controlId({ line, setting })}-error`} role='alert'>
      {error}
    </p>
  )
}
