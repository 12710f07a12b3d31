import type { Person } from './person.ts'
import { type Role, roles } from './viewer.ts'

/** The owner name and the role of those who have one value of the groups claim. */
export interface GroupRule {
  /** As the provider sends it, or `@domain`, or an e-mail address; `*` for everyone who is let in. */
  readonly claim: string
  /** The owner name for which they act; null for none. */
  readonly namespace: string | null
  readonly role: Role
}

/** The settings of an operator that say who is let in, and with which role. */
export interface StandingRules {
  /** The values of which everyone who is let in has one; empty: those of which a group rule speaks. */
  readonly allow: readonly string[]
  readonly groups: readonly GroupRule[]
  /** Names, ids at the provider or verified e-mail addresses of operators. */
  readonly operators: readonly string[]
}

/** A person, as far as it decides about their standing. */
export type Described = Pick<
  Person,
  | 'issuer'
  | 'subject'
  | 'handle'
  | 'email'
  | 'emailVerified'
  | 'groups'
  | 'givenNamespaces'
  | 'role'
>

/** Stands for everyone in a rule. */
export const everyone = '*'

/** Whether somebody is let in at all. */
export function isAllowed(
  rules: StandingRules,
  person: Omit<Described, 'handle' | 'givenNamespaces' | 'role'>,
) {
  const asked = rules.allow.length > 0 ? rules.allow : rules.groups.map(({ claim }) => claim)
  const has = matcherOf(person)
  return asked.some(has) || isListedOperator(rules, person)
}

/**
 * The role and the owner names of a person: the greatest role of all rules that speak of them, and a
 * role that was set by hand before any rule; their handle, the owner names of those rules, and those that
 * were given by hand.
 */
export function standingOf(
  rules: StandingRules,
  person: Described,
): { readonly role: Role; readonly namespaces: readonly string[] } {
  const theirs = groupRulesOf(rules, person)
  const namespaces = theirs.flatMap(({ namespace }) => namespace ?? [])
  const given: readonly Role[] = isListedOperator(rules, person)
    ? ['operator']
    : theirs.map(({ role }) => role)
  return {
    role: person.role ?? greatest(given) ?? 'member',
    namespaces: [...new Set([person.handle, ...namespaces, ...person.givenNamespaces])],
  }
}

/** The rules of groups that speak of a person. */
export function groupRulesOf(
  { groups }: Pick<StandingRules, 'groups'>,
  person: Pick<Described, 'groups' | 'email' | 'emailVerified'>,
): readonly GroupRule[] {
  const has = matcherOf(person)
  return groups.filter(({ claim }) => has(claim))
}

function greatest(given: readonly Role[]): Role | undefined {
  return roles.findLast((role) => given.includes(role))
}

function isListedOperator(
  { operators }: StandingRules,
  { subject, email, emailVerified }: Pick<Described, 'subject' | 'email' | 'emailVerified'>,
): boolean {
  return operators.includes(subject) || (emailVerified && operators.includes(email ?? ''))
}

function matcherOf({
  groups,
  email,
  emailVerified,
}: Pick<Described, 'groups' | 'email' | 'emailVerified'>): (claim: string) => boolean {
  const address = emailVerified && email !== null ? email.toLowerCase() : null
  const domain = address === null ? null : address.slice(address.lastIndexOf('@'))
  return (claim) =>
    claim === everyone ||
    groups.includes(claim) ||
    (address !== null && [address, domain].includes(claim.toLowerCase()))
}
