import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { isOwnerName } from '../domain/model-ref.ts'
import { accountOfName } from '../domain/people/account.ts'
import { freeName, handleFrom } from '../domain/people/handle.ts'
import type { Person } from '../domain/people/person.ts'
import type { Session } from '../domain/people/session.ts'
import { isAllowed, type StandingRules, standingOf } from '../domain/people/standing.ts'
import type { Viewer } from '../domain/people/viewer.ts'
import type { PeopleStore } from '../store/people.ts'

/** How long a process believes what it read, in milliseconds: a session ended elsewhere lasts as long. */
const believedMs = 5_000
/** How often it is kept when somebody was last seen. */
const renewedMs = 5 * 60_000
const mostKnown = 10_000

/**
 * Who sends a request. `in`: somebody who is let in. `disabled`: an operator shut them out. `over`: the
 * session has lasted as long as any may, and was in use. `out`: nobody who is known.
 */
export type Sender =
  | { readonly is: 'in'; readonly viewer: Viewer; readonly session: Session | null }
  | { readonly is: 'disabled'; readonly handle: string }
  | { readonly is: 'over' }
  | { readonly is: 'out' }

export interface KnownPeopleOptions {
  readonly store: PeopleStore
  readonly now: () => number
  readonly rules: StandingRules
  /** The provider at which people sign in; null where they do not sign in at one. */
  readonly issuer: URL | null
  /** How long sessions last without use, in milliseconds. */
  readonly idleMs: number
  /** The owners of the models here, whose names nobody may have as their handle. */
  readonly owners: () => Promise<ReadonlySet<string>>
}

interface Known {
  readonly readAt: number
  readonly sender: Sender
  /** Id of the person; empty for nobody. */
  readonly person: string
  readonly seenAt: number
}

interface Read {
  readonly person: Person | null
  readonly session: Session | null
  /** The number of changes before it was read. */
  readonly changes: number
}

export type KnownPeople = ReturnType<typeof createKnownPeople>

const out: Sender = { is: 'out' }

/** The people who send requests, remembered for a few seconds so that most are known at once. */
export function createKnownPeople(options: KnownPeopleOptions) {
  const { store, now, rules } = options
  const known = new LRUCache<string, Known>({ max: mostKnown })
  /** Counts the changes: what was read before one is not kept after it. */
  let changes = 0

  /** Who was known under a key, as long as it is believed. */
  function recall(key: string): Known | null {
    const found = known.get(key)
    return found && Math.abs(now() - found.readAt) < believedMs ? found : null
  }

  function keep(key: string, read: Read): Known {
    const { person, session } = read
    const sender = person === null ? out : senderOf(person, session)
    const seenAt = session?.seenAt ?? person?.seenAt ?? 0
    const one = { readAt: now(), sender, person: person?.id ?? '', seenAt }
    if (read.changes === changes) known.set(key, one)
    return one
  }

  function senderOf(person: Person, session: Session | null): Sender {
    if (person.disabledAt !== null) return { is: 'disabled', handle: person.handle }
    if (session) {
      // The settings may have changed since the sign-in.
      const isOfProvider = URL.parse(session.issuer)?.href === options.issuer?.href
      if (!isOfProvider || !isAllowed(rules, person)) return out
      if (now() - session.seenAt > options.idleMs) return out
      if (now() >= session.expiresAt) return { is: 'over' }
    }
    const { role, namespaces } = standingOf(rules, person)
    const viewer: Viewer = { id: person.id, kind: 'person', role, namespaces, scopes: null }
    return { is: 'in', viewer, session }
  }

  async function readSession(key: string): Promise<Sender> {
    const before = changes
    const session = await store.findSession(key)
    const person = session && (await store.findPerson(session.person))
    const { sender, seenAt } = keep(key, { person, session, changes: before })
    if (sender.is !== 'in' || now() - seenAt < renewedMs) return sender
    await store.seeSession(key, now())
    if (person) await store.changePerson(person.id, { seenAt: now() })
    return sender
  }

  async function readName(issuer: string, name: string): Promise<Sender> {
    const before = changes
    const found = await store.findSubject(issuer, name)
    const person = found ?? (await store.addPerson(await newPerson(issuer, name)))
    const { sender, seenAt } = keep(`${issuer} ${name}`, { person, session: null, changes: before })
    if (now() - seenAt >= renewedMs) await store.changePerson(person.id, { seenAt: now() })
    return sender
  }

  async function newPerson(issuer: string, name: string): Promise<Person> {
    const at = now()
    return {
      id: accountOfName(name),
      issuer,
      subject: name,
      name,
      handle: await freeHandle(name),
      email: null,
      emailVerified: false,
      groups: [],
      role: null,
      givenNamespaces: [],
      quota: null,
      createdAt: at,
      seenAt: at,
      disabledAt: null,
    }
  }

  /** A handle for a name that is no group's and no owner's. The store numbers those of other people. */
  async function freeHandle(name: string): Promise<string> {
    const owners = await options.owners()
    const given = await store.givenNamespaces()
    const groups = rules.groups.map(({ namespace }) => namespace)
    const isTaken = (one: string) =>
      !isOwnerName(one) || owners.has(one) || groups.includes(one) || given.has(one)
    return freeName(handleFrom(name), isTaken)
  }

  return {
    freeHandle,

    /** Who has the session of a cookie. Not a promise when that is known. */
    bySession(cookie: string): Sender | Promise<Sender> {
      const key = sessionHash(cookie)
      const found = recall(key)
      if (!found) return readSession(key)
      const { sender } = found
      const isOver = sender.is === 'in' && sender.session && now() >= sender.session.expiresAt
      return isOver ? readSession(key) : sender
    },

    /** The person whom a proxy or a password proves. Kept at first sight. */
    byName(issuer: 'header' | 'basic', name: string): Sender | Promise<Sender> {
      return recall(`${issuer} ${name}`)?.sender ?? readName(issuer, name)
    },

    /** How often people, sessions or tokens have changed here: what was read before one is out of date. */
    changes: () => changes,

    /** Drops what is remembered of a person, or of everyone: it has changed. */
    forget(person?: string): void {
      changes++
      for (const [key, one] of known)
        if (person === undefined || one.person === person) known.delete(key)
    },
  }
}

/** The hash under which a session is kept. */
export function sessionHash(cookie: string): string {
  return hash('sha256', cookie, 'hex')
}
