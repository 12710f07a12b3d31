import type { AuditEntry } from '../../src/domain/people/audit.ts'
import type { Person } from '../../src/domain/people/person.ts'
import type { PersonalToken } from '../../src/domain/people/personal-token.ts'
import { idOf, start } from './domain.ts'

export function personOf(handle: string, changes: Partial<Person> = {}): Person {
  return {
    id: `person:${handle}`,
    issuer: 'https://login.example',
    subject: `subject of ${handle}`,
    handle,
    name: handle,
    email: null,
    emailVerified: false,
    groups: [],
    role: null,
    givenNamespaces: [],
    quota: null,
    createdAt: start,
    seenAt: start,
    disabledAt: null,
    ...changes,
  }
}

export function tokenOf(name: string, changes: Partial<PersonalToken> = {}): PersonalToken {
  return {
    id: `token ${name}`,
    hash: `hash of ${name}`,
    person: 'person:ann',
    account: 'person:ann',
    name,
    scopes: ['read'],
    last4: '1XkE',
    createdAt: start,
    expiresAt: null,
    usedAt: null,
    usedFrom: null,
    revokedAt: null,
    ...changes,
  }
}

/** An entry of the audit log, `at` milliseconds after the start. */
export function entryOf(at: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: idOf(at),
    at: start + at,
    actor: 'person:ann',
    actorName: 'ann',
    via: 'page',
    address: '10.0.0.1',
    token: null,
    action: 'share made',
    subject: 'p/abc',
    subjectOwner: null,
    outcome: 'done',
    detail: '',
    ...changes,
  }
}
