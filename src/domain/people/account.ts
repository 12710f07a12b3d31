import { isId } from '../id.ts'
import type { Viewer } from './viewer.ts'

/**
 * Ids of accounts, for which predictions are made. Each kind has a form of its own, so that nobody can
 * take a name that is somebody else's id:
 *
 * - a browser: 26 characters of base32
 * - a person who signs in at a provider: `person:` and 26 characters of base32
 * - a person whom a proxy names, or the one of basic authentication: their name
 * - a token of the environment: `token:` and 16 hex digits
 * - programs on this machine while there are no tokens: `this-machine`
 * - all visitors of an embed link: `embed:` and the id of the link
 * - a group: `namespace:` and its owner name
 */
const takenForms = /^(?:person|name|token|namespace|embed):|^this-machine$/

/** The account of a person whom a proxy names; a name that looks like an id of another kind is marked. */
export function accountOfName(name: string): string {
  return takenForms.test(name) || isId(name) ? `name:${name}` : name
}

/** The account of a group. */
export function accountOfNamespace(namespace: string): string {
  return `namespace:${namespace}`
}

/** The owner name of a group's account; null for any other account. */
export function namespaceOf(account: string): string | null {
  const prefix = 'namespace:'
  return account.startsWith(prefix) ? account.slice(prefix.length) : null
}

/** The accounts for which a viewer acts: their own first, then those of their groups. */
export function accountsOf({ id, kind, namespaces }: Viewer): readonly string[] {
  const groups = kind === 'person' ? namespaces.slice(1) : namespaces
  return [...(id === '' ? [] : [id]), ...groups.map(accountOfNamespace)]
}
