import { namespacesText, readNamespaces } from '../../domain/people/given-namespaces.ts'
import type { Person } from '../../domain/people/person.ts'
import { quotaFields, quotaTexts, readQuota } from '../../domain/people/quota.ts'
import { roles } from '../../domain/people/viewer.ts'
import type { PersonChanges } from '../../store/people.ts'

/** Sentences by the name of the control: `day-ann`. */
export type FieldErrors = Readonly<Record<string, string>>

/** What an operator asked to change of a person. */
export interface AskedChange {
  readonly person: Person
  readonly changes: PersonChanges
  /** For the audit log, each with what it was before: `role: by groups → viewer`. */
  readonly details: readonly string[]
  readonly errors: FieldErrors
}

/** Who the controls of a form are about. */
export function handlesIn(fields: ReadonlyMap<string, string>): readonly string[] {
  return [...fields.keys()].flatMap((name) => /^was-role-(.+)$/.exec(name)?.[1] ?? [])
}

/** The name of the control of one setting of a person. */
export function controlName(setting: string, handle: string): string {
  return `${setting}-${handle}`
}

/** Reads the controls of a person: of those that differ from what the form showed, what they change. */
export function readPersonChange(fields: ReadonlyMap<string, string>, person: Person): AskedChange {
  const typed = (setting: string) => {
    const name = controlName(setting, person.handle)
    const text = fields.get(name)?.trim()
    return text === undefined || text === fields.get(`was-${name}`) ? null : text
  }
  const parts = [roleChange, namespacesChange, limitsChange].map((read) => read(person, typed))
  const errors = parts.flatMap((part) => Object.entries(part.errors ?? {}))
  return {
    person,
    changes: Object.assign({}, ...parts.map((part) => part.changes)),
    details: parts.flatMap((part) => part.details ?? []),
    errors: Object.fromEntries(
      errors.map(([setting, error]) => [controlName(setting, person.handle), error]),
    ),
  }
}

/** The text of a setting; null when it is as it was. */
type Typed = (setting: string) => string | null

interface Part {
  readonly changes?: PersonChanges
  readonly details?: readonly string[]
  /** By setting. */
  readonly errors?: FieldErrors
}

function roleChange(person: Person, typed: Typed): Part {
  const text = typed('role')
  const role = roles.find((one) => one === text) ?? null
  if (text === null) return {}
  if (role === null && text !== 'groups') return { errors: { role: 'Choose a role.' } }
  if (role === person.role) return {}
  const word = (one: Person['role']) => one ?? 'by groups'
  return { changes: { role }, details: [`role: ${word(person.role)} → ${word(role)}`] }
}

function namespacesChange(person: Person, typed: Typed): Part {
  const text = typed('namespaces')
  if (text === null) return {}
  const reading = readNamespaces(text)
  if (!reading.ok) return { errors: { namespaces: reading.problem } }
  const givenNamespaces = reading.names.filter((name) => name !== person.handle)
  const word = (names: readonly string[]) => namespacesText(names) || 'nobody else'
  const [before, after] = [word(person.givenNamespaces), word(givenNamespaces)]
  if (before === after) return {}
  return {
    changes: { givenNamespaces },
    details: [`acts by hand for: ${before} → ${after}`],
  }
}

function limitsChange({ quota }: Person, typed: Typed): Part {
  const before = quotaTexts(quota)
  const asked = { ...before }
  const errors: Record<string, string> = {}
  for (const { name } of quotaFields) {
    const text = typed(name)
    const reading = readQuota({ [name]: text ?? '' })
    if (!reading.ok) errors[name] = reading.problem
    else if (text !== null) asked[name] = text
  }
  const reading = readQuota(asked)
  if (!reading.ok) return { errors: { ...errors, [reading.field]: reading.problem } }
  const after = quotaTexts(reading.quota)
  const details = quotaFields
    .filter(({ name }) => before[name] !== after[name])
    .map(
      ({ name, label }) => `${label.toLowerCase()}: ${word(before[name])} → ${word(after[name])}`,
    )
  return { ...(details.length === 0 ? {} : { changes: { quota: reading.quota } }), details, errors }
}

function word(limit: string | undefined): string {
  return limit || 'by role'
}
