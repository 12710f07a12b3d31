import { type AuditAction, type AuditEntry, newAuditEntry } from '../domain/people/audit.ts'
import type { Person } from '../domain/people/person.ts'
import type { Session } from '../domain/people/session.ts'
import { sessionHash } from './known-people.ts'
import type { Ended, Identity } from './providers/provider.ts'
import type { Client, SignInOptions } from './sign-in.ts'

const longestAgent = 300

/** An entry of the audit log about somebody; a text is the name of somebody who is not a person here. */
export function entryOf(
  { newId, now }: Pick<SignInOptions, 'newId' | 'now'>,
  action: AuditAction,
  who: Person | string,
  { address, detail = '' }: Pick<Client, 'address'> & { readonly detail?: string },
): AuditEntry {
  const isPerson = typeof who !== 'string'
  const name = isPerson ? who.handle : who
  return newAuditEntry({
    id: newId(),
    at: now(),
    actor: isPerson ? who.id : '',
    actorName: name,
    via: 'page',
    address,
    action,
    subject: name,
    outcome: action === 'sign-in refused' ? 'refused' : 'done',
    detail,
  })
}

/** Keeps what a provider says of a person now; resolves with the person that is kept. */
export async function keepPerson(options: SignInOptions, identity: Identity): Promise<Person> {
  const { store, now, newId, people } = options
  const { issuer, subject, name, email, emailVerified, groups } = identity
  const known = await store.findSubject(issuer, subject)
  const said = { name, email, emailVerified, groups, seenAt: now() }
  if (known) {
    if (known.disabledAt === null) await store.changePerson(known.id, said)
    return { ...known, ...said }
  }
  return store.addPerson({
    id: `person:${newId()}`,
    issuer,
    subject,
    ...said,
    handle: await people.freeHandle(identity.wantedHandle),
    role: null,
    givenNamespaces: [],
    quota: null,
    createdAt: now(),
    disabledAt: null,
  })
}

/** The session of somebody who signed in; `cookie` is the value that their browser keeps. */
export function sessionOf(
  { now, totalMs, seal }: SignInOptions,
  cookie: string,
  { issuer, sid, idToken }: Identity,
  { person, agent, address }: Client & { readonly person: string },
): Session {
  const at = now()
  return {
    hash: sessionHash(cookie),
    person,
    issuer,
    sid,
    address,
    idToken: idToken === null ? null : seal.close(idToken),
    agent: agent.slice(0, longestAgent),
    createdAt: at,
    seenAt: at,
    expiresAt: at + totalMs,
  }
}

/** Ends the sessions that a provider ended: one of its own, or all of a person. */
export async function endSessions(
  { store, people }: Pick<SignInOptions, 'store' | 'people'>,
  { issuer, sid, subject }: Ended,
): Promise<void> {
  if (sid === null) {
    const person = subject === null ? null : await store.findSubject(issuer, subject)
    if (person) await store.endSessions(person.id)
  } else await store.endProviderSession(issuer, sid)
  people.forget()
}

/** Remembers the last few people whose lists of groups are probably incomplete. */
export function createCutGroups({ log, now }: Pick<SignInOptions, 'log' | 'now'>) {
  const most = 10
  const noted = new Map<string, CutGroups>()
  return {
    list: (): readonly CutGroups[] => [...noted.values()],
    note({ groupsCut }: Identity, who: string): void {
      noted.delete(who)
      if (groupsCut === null) return
      log.error({ who, reason: groupsCut }, 'The list of groups of a person is incomplete')
      noted.set(who, { who, reason: groupsCut, at: now() })
      const [oldest] = noted.keys()
      if (noted.size > most && oldest !== undefined) noted.delete(oldest)
    },
  }
}

/** A person whose list of groups is probably incomplete. */
export interface CutGroups {
  readonly who: string
  readonly reason: string
  /** When they signed in, in milliseconds since 1970. */
  readonly at: number
}
