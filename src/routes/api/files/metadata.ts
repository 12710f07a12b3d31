import { mostLevels } from '../../../domain/json/bounds.ts'
import { isObject, type Json, type JsonObject, parseRequest } from '../../../domain/json/json.ts'

export const mostMetadataBytes = 64 * 1024

/** One text in the metadata of a file. */
export interface Member {
  /** The path to it; an empty key appends to a list. */
  readonly keys: readonly string[]
  readonly text: string
}

/** An object or a list as far as it has been read. */
interface Branch {
  readonly members: Map<string, Branch | string>
  isList: boolean
}

/**
 * A member of the metadata as the Python client 2.x sends it: `metadata[key]`, `metadata[key][inner]`
 * in an object, `metadata[key][]` in a list. Null for any other part of the form.
 */
export function memberOf(name: string, text: string): Member | null {
  if (!name.startsWith('metadata[')) return null
  const keys = name.slice('metadata'.length)
  return { keys: /^(?:\[[^[\]]*\])+$/.test(keys) ? keys.slice(1, -1).split('][') : [], text }
}

/** The metadata sent as JSON with the members sent as parts; null when it is not an object or too large. */
export function readMetadata(json: string, members: readonly Member[]): JsonObject | null {
  const read = readObject(json)
  const size = members.reduce((sum, { keys, text }) => sum + keys.join().length + text.length, 0)
  if (!read || size > mostMetadataBytes) return null
  const root: Branch = { members: new Map(), isList: false }
  if (!members.every((member) => put(root, member)) || root.isList) return null
  return { ...read, ...(jsonOf(root) as JsonObject) }
}

/** Some clients send an empty text or null for no metadata. */
function readObject(text: string): JsonObject | null {
  if (text.length > mostMetadataBytes) return null
  try {
    const json = text.trim() === '' ? null : parseRequest(text)
    return json === null ? {} : isObject(json) ? json : null
  } catch {
    return null
  }
}

/** Adds a member to the tree. False when its path contradicts another’s: a key holds a text, an object or a list. */
function put(root: Branch, { keys, text }: Member): boolean {
  const last = keys.length - 1
  if (last < 0 || last >= mostLevels) return false
  let branch = root
  for (const [at, key] of keys.entries()) {
    if (branch.members.size > 0 && branch.isList !== (key === '')) return false
    branch.isList = key === ''
    const name = branch.isList ? String(branch.members.size) : key
    const known = branch.members.get(name)
    if (at === last) {
      branch.members.set(name, text)
      return known === undefined || typeof known === 'string'
    }
    if (typeof known === 'string') return false
    const next = known ?? { members: new Map(), isList: false }
    branch.members.set(name, next)
    branch = next
  }
  return false
}

function jsonOf(branch: Branch | string): Json {
  if (typeof branch === 'string') return branch
  if (branch.isList) return [...branch.members.values()].map(jsonOf)
  return Object.fromEntries([...branch.members].map(([name, inner]) => [name, jsonOf(inner)]))
}
