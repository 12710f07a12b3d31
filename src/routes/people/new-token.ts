import { accountsOf } from '../../domain/people/account.ts'
import { hasRole, type Scope, type Viewer } from '../../domain/people/viewer.ts'

/** What a person typed and chose for a new token. */
export interface TokenTexts {
  readonly name: string
  /** Scopes, separated by spaces. */
  readonly scopes: string
  /** An owner name. */
  readonly account: string
  /** Days, or `never`. */
  readonly ends: string
}

/** What a token is made of. */
export interface TokenTerms {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly account: string
  /** Null: never. */
  readonly lifeMs: number | null
}

const dayMs = 24 * 60 * 60_000
const longestName = 80

/** The scopes that can be chosen, in words. */
export const scopeChoices: Readonly<Record<string, string>> = {
  'read run': 'read and run',
  read: 'read',
  'read run operate': 'read, run, operate',
  metrics: 'metrics',
}

/** How long tokens can last, in days; those without an end are for operators. */
export function endChoices(viewer: Viewer): Readonly<Record<string, string>> {
  const ends = { '90': '90 days', '30': '30 days', '365': 'a year' }
  return hasRole(viewer, 'operator') ? { ...ends, never: 'never' } : ends
}

/** The form as it is opened. */
export function freshTexts({ namespaces }: Viewer): TokenTexts {
  return { name: '', scopes: 'read run', account: namespaces[0] ?? '', ends: '90' }
}

/** Reads the form; a text says what to change. */
export function readTerms(viewer: Viewer, texts: TokenTexts): TokenTerms | string {
  const name = texts.name.trim()
  if (name === '') return 'Name the token after what it is for.'
  if (name.length > longestName) return `A name has at most ${longestName} characters.`
  const account = accountsOf(viewer)[viewer.namespaces.indexOf(texts.account)]
  if (account === undefined) return `You do not act for ${texts.account}. Choose another account.`
  const isKnown = Object.hasOwn(scopeChoices, texts.scopes)
  if (!isKnown) return 'Choose what the token may do.'
  if (!Object.hasOwn(endChoices(viewer), texts.ends)) return 'Choose when the token ends.'
  const scopes = texts.scopes.split(' ') as Scope[]
  const lifeMs = texts.ends === 'never' ? null : Number(texts.ends) * dayMs
  return { name, scopes, account, lifeMs }
}
