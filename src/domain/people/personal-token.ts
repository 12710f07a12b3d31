import type { Scope } from './viewer.ts'

/** An API token that a person made for their programs. */
export interface PersonalToken {
  readonly id: string
  /** SHA-256 of the token, in hex. The token itself is shown once and kept nowhere. */
  readonly hash: string
  /** Id of the person, whose rights it has at each use. */
  readonly person: string
  /** The account for which it acts: the person’s own, or that of one of their groups. */
  readonly account: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The last four characters of the token, to recognize it by. */
  readonly last4: string
  /** Milliseconds since 1970, as are the next ones. */
  readonly createdAt: number
  /** Null: never. */
  readonly expiresAt: number | null
  /** When it was last used, to the minute; null before. */
  readonly usedAt: number | null
  /** The network address from which it was last used. */
  readonly usedFrom: string | null
  readonly revokedAt: number | null
}
