import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Person } from '../../domain/people/person.ts'
import { type OwnQuota, quotaTexts, readQuota } from '../../domain/people/quota.ts'
import { standingOf } from '../../domain/people/standing.ts'
import { roles } from '../../domain/people/viewer.ts'
import type { PersonChanges } from '../../store/people.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'

/** A change that an operator asked for, with its words for the audit log. */
interface AskedChange {
  readonly person: Person
  readonly changes: PersonChanges
  readonly detail: string
}

export type Refusal = { readonly handle: string; readonly sentence: string }

const lastOperator =
  'You are the last operator here. Make somebody else an operator first, then change this.'

/**
 * Saves what an operator typed about people: for each, only what differs from what the form showed when
 * it was opened. Nothing is saved when one of the changes is refused.
 */
export async function savePeople(c: Context, deps: Deps): Promise<Refusal | null> {
  const fields = c.get('formFields')
  const handles = [...fields.keys()].flatMap((name) => /^was-(.+)$/.exec(name)?.[1] ?? [])
  const people = await deps.store.peopleAmong(handles)
  const asked: AskedChange[] = []
  for (const person of people) {
    const read = readChange(c, person)
    if ('sentence' in read) return read
    if (Object.keys(read.changes).length > 0) asked.push(read)
  }
  return saveAll(c, deps, asked)
}

/** Shuts somebody out, or lets them in again. */
export async function shutOut(
  c: Context,
  deps: Deps,
  handle: string,
  isOut: boolean,
): Promise<Refusal | 'unknown' | null> {
  const [person] = (await deps.store.peopleAmong([handle])).filter((one) => one.handle === handle)
  if (!person) return 'unknown'
  const disabledAt = isOut ? deps.now() : null
  const change = { person, changes: { disabledAt }, detail: isOut ? 'disabled' : 'enabled' }
  const refused = await saveAll(c, deps, [change])
  if (!refused && isOut) await deps.store.endSessions(person.id)
  return refused
}

function readChange(c: Context, person: Person): AskedChange | Refusal {
  const fields = c.get('formFields')
  const { handle } = person
  const role = roleChange(fields.get(`role-${handle}`), fields.get(`was-${handle}`))
  if (role === 'unknown') return { handle, sentence: 'Choose a role.' }
  const quota = quotaChange(
    person,
    fields.get(`quota-${handle}`),
    fields.get(`was-quota-${handle}`),
  )
  if (typeof quota === 'string') return { handle, sentence: quota }
  const detail = [role?.detail, quota?.detail].filter((part) => part !== undefined).join(', ')
  return { person, changes: { ...role?.changes, ...quota?.changes }, detail }
}

function roleChange(role: string | undefined, was: string | undefined) {
  if (role === undefined || role === was) return null
  const known = roles.find((one) => one === role) ?? null
  if (known === null && role !== 'groups') return 'unknown'
  return { changes: { role: known }, detail: known === null ? 'role by groups' : `role ${known}` }
}

/** The change of the limit of runs a day; a text says what to change. The other limits stay. */
function quotaChange(person: Person, typed: string | undefined, was: string | undefined) {
  const text = typed?.trim()
  if (text === undefined || text === was) return null
  const reading = readQuota({ ...quotaTexts(person.quota), day: text })
  if (!reading.ok) return reading.problem
  const detail = `runs a day ${text === '' ? 'by role' : text}`
  return { changes: { quota: reading.quota }, detail }
}

/** The limit of runs a day as it is written; empty for none. */
export function perDayText(quota: OwnQuota | null): string {
  return quotaTexts(quota).day ?? ''
}

async function saveAll(
  c: Context,
  deps: Deps,
  asked: readonly AskedChange[],
): Promise<Refusal | null> {
  const self = asked.find(({ person }) => person.id === viewerOf(c, deps).id)
  if (self && !staysOperator(deps, self) && !(await hasOperator(deps, asked)))
    return { handle: self.person.handle, sentence: lastOperator }
  for (const { person, changes, detail } of asked) {
    const entry = auditEntry(c, deps, 'person changed', person.handle, { detail })
    await deps.store.recording(entry).changePerson(person.id, changes)
  }
  return null
}

function staysOperator(deps: Deps, { person, changes }: Pick<AskedChange, 'person' | 'changes'>) {
  const { disabledAt = person.disabledAt, role = person.role } = changes
  const standing = standingOf(deps.config.standing, { ...person, role })
  return disabledAt === null && standing.role === 'operator'
}

const pageLength = 500

/** Whether anybody is an operator after these changes. */
async function hasOperator(deps: Deps, asked: readonly AskedChange[]): Promise<boolean> {
  const changed = new Map(asked.map(({ person, changes }) => [person.id, changes]))
  let after: string | null = null
  do {
    const people: readonly Person[] = await deps.store.people(pageLength, after)
    const isOne = (person: Person) =>
      staysOperator(deps, { person, changes: changed.get(person.id) ?? {} })
    if (people.some(isOne)) return true
    after = people.length < pageLength ? null : (people.at(-1)?.handle ?? null)
  } while (after !== null)
  return false
}
