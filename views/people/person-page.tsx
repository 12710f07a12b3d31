import { quotaFields } from '../../src/domain/people/quota.ts'
import { FormErrors, FormRow, rowControl } from '../editing/form-row.tsx'
import { Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths } from '../site.ts'
import {
  AccessButton,
  accessFormId,
  controlId,
  type PersonLine,
  RoleOptions,
  WasShown,
} from './person-controls.tsx'

interface PersonPageProps {
  readonly line: PersonLine
  /** Whether it was just saved. */
  readonly isSaved: boolean
}

/** One person: their role, the owner names that were given to them, and their limits. */
export function PersonPage({ line, isSaved }: PersonPageProps) {
  const paths = usePaths()
  const { handle } = line.person
  const action = paths.person(handle)
  return (
    <Layout title={handle} current='settings'>
      <SettingsHead current='people' />
      <section aria-labelledby='person'>
        <header class='section-head'>
          <h2 id='person'>{handle}</h2>
          <Facts line={line} />
        </header>
        {isSaved && (
          <p class='notice' role='status'>
            Saved.
          </p>
        )}
        <form class='measure' method='post' action={action}>
          <FormErrors errors={errorsOf(line)} names={namesOf(line)} />
          <div class='fields'>
            <Role line={line} />
            <Namespaces line={line} />
            {quotaFields.map(({ name, label }) => (
              <Limit line={line} setting={name} label={label} />
            ))}
          </div>
          <footer class='run-bar'>
            <div>
              <button class='button run' type='submit'>
                Save
              </button>
              <AccessButton {...line} />
            </div>
          </footer>
        </form>
        <form id={accessFormId} method='post' action={action} />
      </section>
    </Layout>
  )
}

function Facts({ line }: Pick<PersonPageProps, 'line'>) {
  const paths = usePaths()
  const { id, name, email, disabledAt, seenAt } = line.person
  const inAudit = `${paths.audit()}?${new URLSearchParams({ who: id, when: 'all' })}`
  return (
    <div class='facts'>
      <span>{email ?? name}</span>
      <span class='tag'>{line.role}</span>
      {disabledAt !== null && <span class='tag'>disabled</span>}
      <span>
        seen <Moment at={seenAt} shows='both' />
      </span>
      <a href={inAudit}>In the audit log</a>
      <a href={paths.people()}>All people</a>
    </div>
  )
}

function errorsOf(line: PersonLine): Readonly<Record<string, string>> {
  const wrong = Object.entries(line.settings).flatMap(([setting, { error }]) =>
    error === null ? [] : [[controlId({ line, setting }), error] as const],
  )
  return Object.fromEntries(wrong)
}

function namesOf(line: PersonLine): Readonly<Record<string, string>> {
  const names = [['role', 'role'], ['namespaces', 'acts for'], ...quotaFields.map(limitName)]
  return Object.fromEntries(
    names.map(([setting = '', name = '']) => [controlId({ line, setting }), name]),
  )
}

function limitName({ name, label }: { readonly name: string; readonly label: string }) {
  return [name, label.toLowerCase()]
}

function Role({ line }: Pick<PersonPageProps, 'line'>) {
  const row = rowOf(line, 'role', 'A role that is set by hand comes before that of their groups.')
  return (
    <FormRow {...row} name='role'>
      <WasShown line={line} setting='role' />
      <select {...rowControl(row)}>
        <RoleOptions line={line} />
      </select>
    </FormRow>
  )
}

function Namespaces({ line }: Pick<PersonPageProps, 'line'>) {
  const { namespaces } = line.byGroups
  const byGroups =
    namespaces.length === 0
      ? 'Their groups give none.'
      : `Their groups give ${namespaces.join(', ')}, too.`
  const row = rowOf(
    line,
    'namespaces',
    `Owner names, separated by commas: they see, run and edit the models of these, whatever their groups say. ${byGroups}`,
  )
  return (
    <FormRow {...row} name='acts for' type='by hand'>
      <WasShown line={line} setting='namespaces' />
      <input
        {...rowControl(row)}
        value={line.settings.namespaces?.shown}
        autocomplete='off'
        spellcheck={false}
        placeholder='nobody else'
      />
    </FormRow>
  )
}

interface LimitProps extends Pick<PersonPageProps, 'line'> {
  readonly setting: string
  readonly label: string
}

function Limit({ line, setting, label }: LimitProps) {
  const ofRole = line.limitsOfRole[setting] ?? ''
  const row = rowOf(line, setting, limitNote(line, setting, ofRole))
  return (
    <FormRow {...row} name={label.toLowerCase()}>
      <WasShown line={line} setting={setting} />
      <input
        {...rowControl(row)}
        inputmode={setting === 'time' ? undefined : 'numeric'}
        autocomplete='off'
        value={line.settings[setting]?.shown}
        placeholder={ofRole}
      />
    </FormRow>
  )
}

function limitNote({ role, runsToday }: PersonLine, setting: string, ofRole: string): string {
  if (role === 'operator') return 'Operators have no limits.'
  const used = setting === 'day' ? ` ${runsToday} today so far.` : ''
  const form = setting === 'time' ? ' Otherwise a time such as 2h or 90m, or off.' : ''
  const applies = ofRole === 'off' ? 'no limit' : ofRole
  return `Empty: ${applies}, as for every ${role}.${form}${used}`
}

function rowOf(line: PersonLine, setting: string, note: string) {
  const { error } = line.settings[setting] ?? { error: null }
  return { id: controlId({ line, setting }), error, note }
}
