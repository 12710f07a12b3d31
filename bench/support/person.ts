import { hash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Person } from '../../src/domain/people/person.ts'
import { newTokenText } from '../../src/routes/request/token-text.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'

/** Whether what is measured now is measured as a person who signed in at a provider. */
let signedIn = false

export function isSignedIn(): boolean {
  return signedIn
}

/** Measures something as a person who signed in. */
export async function asPerson<T>(measure: () => Promise<T>): Promise<T> {
  signedIn = true
  try {
    return await measure()
  } finally {
    signedIn = false
  }
}

export const personId = 'person:bench'

/** A provider that is asked for nothing: its person has a session already. */
const issuer = 'https://login.example'
const session = 'session-of-the-bench'
const token = newTokenText()

/** The cookie of a browser of the person, and the header lines of a program with their token. */
export const personCookie = `session=${session}`
export const programHeaders: readonly string[] = [`Authorization: Bearer ${token}`]

/** The settings of their sign-in. */
export const personEnvironment = {
  SANDPIT_AUTH: 'oidc',
  SANDPIT_OIDC_ISSUER: issuer,
  SANDPIT_OIDC_CLIENT_ID: 'bench',
  SANDPIT_OIDC_CLIENT_SECRET: 'secret-of-the-bench',
  SANDPIT_GROUPS: '*=member',
}

/** A data folder in which the person has a session and a token. */
export async function folderOfPerson(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-server-'))
  await addPersonTo(await openSqlite(join(data, 'sandpit.sqlite')))
  return data
}

/** Adds the person with a session and a token, and closes the store. */
export async function addPersonTo(store: Store): Promise<void> {
  const at = Date.now()
  const person = await store.addPerson(personAt(at))
  const times = { createdAt: at, seenAt: at, expiresAt: at + 24 * 60 * 60_000 }
  await store.addSession({
    hash: hash('sha256', session, 'hex'),
    person: person.id,
    issuer,
    sid: null,
    idToken: null,
    agent: 'bench',
    address: '127.0.0.1',
    ...times,
  })
  await store.addToken({
    id: 'bench',
    hash: hash('sha256', token, 'hex'),
    person: person.id,
    account: person.id,
    name: 'bench',
    scopes: ['read', 'run'],
    last4: token.slice(-4),
    createdAt: at,
    expiresAt: null,
    usedAt: null,
    usedFrom: null,
    revokedAt: null,
  })
  await store.close()
}

function personAt(at: number): Person {
  return {
    id: personId,
    issuer,
    subject: 'bench',
    handle: 'ann',
    name: 'Ann',
    email: 'ann@example.com',
    emailVerified: true,
    groups: ['a', 'b', 'c'],
    role: null,
    givenNamespaces: [],
    quota: null,
    createdAt: at,
    seenAt: at,
    disabledAt: null,
  }
}
