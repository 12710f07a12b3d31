import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Person } from '../../domain/people/person.ts'
import { standingOf } from '../../domain/people/standing.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'
import {
  type AskedChange,
  controlName,
  type FieldErrors,
  handlesIn,
  readPersonChange,
} from './person-changes.ts'

const lastOperator =
  'You are the last operator here. Make somebody else an operator first, then change this.'

/**
 * Does what an operator pressed: shuts somebody out, lets them in again, or saves what was typed about
 * people. Nothing is saved when one of the changes is refused; null when all were saved.
 */
export async function changePeople(
  c: Context,
  deps: Deps,
): Promise<FieldErrors | 'unknown' | null> {
  const [press = '', handle = ''] = (c.get('formFields').get('press') ?? '').split(' ')
  return press === 'disable' || press === 'enable'
    ? shutOut(c, deps, handle, press === 'disable')
    : savePeople(c, deps)
}

/** Saves, for each person, only what differs from what the form showed when it was opened. */
async function savePeople(c: Context, deps: Deps): Promise<FieldErrors | null> {
  const fields = c.get('formFields')
  const people = await deps.store.peopleAmong(handlesIn(fields))
  const read = people.map((person) => readPersonChange(fields, person))
  const errors = Object.assign(
    {},
    ...read.map((one) => one.errors),
    ...(await Promise.all(read.map((one) => takenNames(deps, one)))),
  )
  if (Object.keys(errors).length > 0) return errors
  return saveAll(
    c,
    deps,
    read.filter(({ details }) => details.length > 0),
  )
}

/** An error where somebody would act for another person, whose handle is theirs alone. */
async function takenNames(
  { store }: Deps,
  { person, changes }: Pick<AskedChange, 'person' | 'changes'>,
): Promise<FieldErrors> {
  const given = changes.givenNamespaces ?? []
  const taken = (await store.peopleAmong(given)).find(({ handle }) => given.includes(handle))
  if (!taken) return {}
  const sentence = `${taken.handle} is a person here, and nobody else can act for them.`
  return { [controlName('namespaces', person.handle)]: sentence }
}

async function shutOut(
  c: Context,
  deps: Deps,
  handle: string,
  isOut: boolean,
): Promise<FieldErrors | 'unknown' | null> {
  const [person] = (await deps.store.peopleAmong([handle])).filter((one) => one.handle === handle)
  if (!person) return 'unknown'
  const disabledAt = isOut ? deps.now() : null
  const details = [isOut ? 'disabled' : 'enabled']
  const refused = await saveAll(c, deps, [{ person, changes: { disabledAt }, details }])
  if (!refused && isOut) await deps.store.endSessions(person.id)
  return refused
}

async function saveAll(
  c: Context,
  deps: Deps,
  asked: readonly Omit<AskedChange, 'errors'>[],
): Promise<FieldErrors | null> {
  const self = asked.find(({ person }) => person.id === viewerOf(c, deps).id)
  if (self && !staysOperator(deps, self) && !(await hasOperator(deps, asked)))
    return { [controlName('role', self.person.handle)]: lastOperator }
  for (const { person, changes, details } of asked) {
    const detail = details.join('; ')
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
async function hasOperator(
  deps: Deps,
  asked: readonly Omit<AskedChange, 'errors'>[],
): Promise<boolean> {
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
