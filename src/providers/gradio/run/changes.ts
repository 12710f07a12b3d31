import { isList, type Json } from '../../../domain/json/json.ts'

/** A value whose parts are changed in place. */
type List = Json[]
type Members = { [key: string]: Json }

function isOwnList(value: Json | undefined): value is List {
  return Array.isArray(value)
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A change does not fit the value that it is of. */
export class Misfit extends Error {
  override readonly name = 'Misfit'
}

/** More changes in one message than this are not applied, nor those that move more items of lists. */
const mostChanges = 1_000
const mostMoved = 2_000_000

/**
 * A value of an app with changes applied: `[operation, path, value]`, one after another. The value is changed in
 * place where it can be. Throws `Misfit` when a change does not fit it.
 */
export function changed(value: Json, changes: Json): Json {
  if (!isList(changes) || changes.length > mostChanges) throw new Misfit('no changes')
  let next = value
  const room = { moves: mostMoved }
  for (const change of changes) {
    const [operation, path = [], operand = null] = isList(change) ? change : []
    if (typeof operation !== 'string' || !isList(path)) throw new Misfit('no change')
    next = applied(next, { operation, path, operand }, room)
  }
  return next
}

interface Change {
  readonly operation: string
  readonly path: readonly Json[]
  readonly operand: Json
}

/** How many more items of lists may be moved. */
interface Room {
  moves: number
}

function applied(value: Json, { operation, path, operand }: Change, room: Room): Json {
  const last = path.at(-1)
  if (last === undefined) {
    if (operation === 'replace') return operand
    return operation === 'append' ? appended(value, operand) : misfit()
  }
  let around: Json = value
  for (const step of path.slice(0, -1)) around = partOf(around, step)
  if (isOwnList(around)) changeList(around, operation, indexIn(last), operand, room)
  else if (isMembers(around)) changeMembers(around, operation, nameIn(last), operand)
  else misfit()
  return value
}

function changeList(list: List, operation: string, at: number, operand: Json, room: Room): void {
  if (at > list.length || (operation !== 'add' && at === list.length)) misfit()
  if (operation === 'replace') list[at] = operand
  else if (operation === 'append') list[at] = appended(list[at] ?? null, operand)
  else {
    room.moves -= list.length - at
    if (room.moves < 0) misfit()
    if (operation === 'add') list.splice(at, 0, operand)
    else if (operation === 'delete') list.splice(at, 1)
    else misfit()
  }
}

function changeMembers(members: Members, operation: string, name: string, operand: Json): void {
  if (operation === 'delete') delete members[name]
  else if (operation === 'append') members[name] = appended(partOf(members, name), operand)
  else if (operation === 'add' || operation === 'replace') members[name] = operand
  else misfit()
}

function appended(value: Json, operand: Json): Json {
  if (typeof value === 'string' && typeof operand === 'string') return value + operand
  return misfit()
}

function partOf(value: Json, step: Json): Json {
  if (isOwnList(value)) return value[indexIn(step)] ?? misfit()
  if (!isMembers(value)) return misfit()
  const name = nameIn(step)
  return Object.hasOwn(value, name) ? (value[name] ?? null) : misfit()
}

function indexIn(step: Json): number {
  const at = typeof step === 'string' && /^\d{1,9}$/.test(step) ? Number(step) : step
  return typeof at === 'number' && Number.isInteger(at) && at >= 0 ? at : misfit()
}

/** `__proto__` would be no member of the object. */
function nameIn(step: Json): string {
  return typeof step === 'string' && step !== '__proto__' ? step : misfit()
}

function misfit(): never {
  throw new Misfit('a change does not fit')
}
