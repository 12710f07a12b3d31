import { hash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { attemptMs } from '../domain/people/session.ts'
import type { Seal } from '../seal.ts'
import type { Attempt } from './providers/provider.ts'

/** A sign-in under way. It is kept in a cookie of the browser, which only this server can read. */
export interface Transaction extends Attempt {
  /** Where to go afterwards. */
  readonly to: string
  /** When it began, in milliseconds since 1970. */
  readonly at: number
}

const sealed = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  to: z.string(),
  at: z.number(),
})

const secretBytes = 32
const secret = () => randomBytes(secretBytes).toString('base64url')

/** A new transaction, with secrets of its own. */
export function newTransaction(to: string, redirectUri: string, at: number): Transaction {
  return { state: secret(), nonce: secret(), verifier: secret(), redirectUri, to, at }
}

/** The name of the cookie of the transaction with a state: two tabs sign in side by side. */
export function transactionCookie(state: string): string {
  return `signin-${hash('sha256', state, 'hex').slice(0, 8)}`
}

/** The value of the cookie. */
export function sealTransaction(seal: Seal, transaction: Transaction): string {
  return Buffer.from(seal.close(JSON.stringify(transaction)), 'base64').toString('base64url')
}

/** The transaction in a cookie; null when it is not ours, has another state, or is too old. */
export function openTransaction(
  seal: Seal,
  cookie: string,
  { state, now }: { readonly state: string; readonly now: number },
): Transaction | null {
  const text = seal.open(Buffer.from(cookie, 'base64url').toString('base64'))
  if (text === null) return null
  const { data } = sealed.safeParse(JSON.parse(text))
  const isCurrent = data && data.state === state && Math.abs(now - data.at) <= attemptMs
  return isCurrent ? data : null
}
