import type { OwnQuota } from './quota.ts'
import type { Role } from './viewer.ts'

/** Somebody who signs in, or whom a proxy names. */
export interface Person {
  /** Id of their account. See `account.ts`. */
  readonly id: string
  /** The URL of the provider that knows them; `header` or `basic` without one. */
  readonly issuer: string
  /** Their id there. With the issuer it is who they are: names and e-mail addresses change hands. */
  readonly subject: string
  /** Their owner name. It never changes, and no one else ever has it. */
  readonly handle: string
  /** As they are called at the provider. */
  readonly name: string
  readonly email: string | null
  readonly emailVerified: boolean
  /** The values of the groups claim at the last sign-in, as the provider sent them. */
  readonly groups: readonly string[]
  /** The owner names that an operator gave by hand, besides those of their groups. */
  readonly givenNamespaces: readonly string[]
  /** The role that an operator set by hand; null for that of their groups. */
  readonly role: Role | null
  /** The limits that an operator set by hand; null for those of their role. */
  readonly quota: OwnQuota | null
  /** Milliseconds since 1970, as are the next two. */
  readonly createdAt: number
  /** When they were last seen, to some minutes. */
  readonly seenAt: number
  /** When an operator shut them out; null while they are let in. */
  readonly disabledAt: number | null
}
