import type { Person } from '../../src/domain/people/person.ts'
import { type Role, roles } from '../../src/domain/people/viewer.ts'

/** A control for one setting of a person. */
export interface PersonSetting {
  readonly saved: string
  /** What was typed, where that was refused; what is saved, otherwise. */
  readonly shown: string
  /** Why it was refused; null when it was not. */
  readonly error: string | null
}

export interface PersonLine {
  readonly person: Person
  /** That they have now. */
  readonly role: Role
  /** The groups for which they act. */
  readonly namespaces: readonly string[]
  /** The role and the groups that their groups at the provider give, or the environment. */
  readonly byGroups: { readonly role: Role; readonly namespaces: readonly string[] }
  /** Predictions accepted since midnight UTC. */
  readonly runsToday: number
  /** `role`, `namespaces` and the limits, by the names of `quotaFields`. */
  readonly settings: Readonly<Record<string, PersonSetting>>
  /** The limits that apply where they have none of their own, by the same names. */
  readonly limitsOfRole: Readonly<Record<string, string>>
}

interface ControlProps {
  readonly line: PersonLine
  readonly setting: string
}

/** The id and the name of the control of a setting. */
export function controlId({ line, setting }: ControlProps): string {
  return `${setting}-${line.person.handle}`
}

/** What a form showed of a setting when it was opened: what is as it was, is not saved. */
export function WasShown({ line, setting }: ControlProps) {
  const id = controlId({ line, setting })
  return <input type='hidden' name={`was-${id}`} value={line.settings[setting]?.saved ?? ''} />
}

/** The roles to choose from, that of their groups first. */
export function RoleOptions({ line }: { line: PersonLine }) {
  const chosen = line.settings.role?.shown
  return (
    <>
      <option value='groups' selected={chosen === 'groups'}>
        {line.byGroups.role}, by groups
      </option>
      {roles.map((role) => (
        <option value={role} selected={chosen === role}>
          {role}, by hand
        </option>
      ))}
    </>
  )
}

/** The form of the buttons that shut people out: Enter in the other form must not press one of them. */
export const accessFormId = 'access'

/** Shuts somebody out, or lets them in again. */
export function AccessButton({ person: { handle, disabledAt } }: Pick<PersonLine, 'person'>) {
  const [word, press] = disabledAt === null ? ['Disable', 'disable'] : ['Enable', 'enable']
  return (
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
  )
}
