import { mostLevels } from '../../../domain/json/bounds.ts'
import { isObject, type Json, type JsonObject, parseRequest } from '../../../domain/json/json.ts'

export const mostMetadataBytes = 64 * 1024

/** One text of what is said of a file. */
export interface Member {
  /** The names that lead to it; an empty one is the next place in a list. */
  readonly keys: readonly string[]
  readonly text: string
}

/** What has been read so far of an object or a list. */
interface Branch {
  readonly members: Map<string, Branch | string>
  isList: boolean
}

/**
 * A part that says something of a file, as Python’s client 2.x sends it: `metadata[key]`,
 * `metadata[key][inner]` of an object in it, and `metadata[key][]` of a list. Null for any other part.
 */
export function memberOf(name: string, text: string): Member | null {
  if (!name.startsWith('metadata[')) return null
  const keys = name.slice('metadata'.length)
  return { keys: /^(?:\[[^[\]]*\])+$/.test(keys) ? keys.slice(1, -1).split('][') : [], text }
}

/** What is said of a file, as JSON and one by one; null for what is no object, or too large. */
export function readMetadata(json: string, members: readonly Member[]): JsonObject | null {
  const read = readObject(json)
  const size = members.reduce((sum, { keys, text }) => sum + keys.join().length + text.length, 0)
  if (!read || size > mostMetadataBytes) return null
  const root: Branch = { members: new Map(), isList: false }
  if (!members.every((member) => put(root, member)) || root.isList) return null
  return { ...read, ...(jsonOf(root) as JsonObject) }
}

/** Nothing said is nothing wrong: some clients send what they have none of as an empty text or null. */
function readObject(text: string): JsonObject | null {
  if (text.length > mostMetadataBytes) return null
  try {
    const json = text.trim() === '' ? null : parseRequest(text)
    return json === null ? {} : isObject(json) ? json : null
  } catch {
    return null
  }
}

/** Whether it could be put there: a place holds one thing, or an object, or a list. */
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
