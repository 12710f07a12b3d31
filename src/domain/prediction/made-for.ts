import { accountsOf } from '../people/account.ts'
import type { Viewer } from '../people/viewer.ts'
import type { Prediction } from './prediction.ts'

/** For which account a prediction is made, and who may see it. */
export type MadeFor = Pick<Prediction, 'account' | 'visibility'>

/** The names of the accounts for which a viewer may run models, their own first: `ann`, `kestrel`. */
export function accountNames({ kind, namespaces }: Viewer): readonly [string, ...string[]] {
  const [first = '', ...groups] = namespaces
  return kind === 'person' ? [first, ...groups] : ['', ...namespaces]
}

/** The account of this name for which a viewer acts, by default their own; null when they do not. */
export function accountNamed(viewer: Viewer, name: string): string | null {
  if (name === '') return viewer.id
  const at = accountNames(viewer).indexOf(name)
  return accountsOf(viewer)[at] ?? null
}

/** The name of an account for which a viewer acts; null for any other. */
export function nameOfAccount(viewer: Viewer, account: string): string | null {
  const at = accountsOf(viewer).indexOf(account)
  return at === -1 ? null : (accountNames(viewer)[at] ?? null)
}
