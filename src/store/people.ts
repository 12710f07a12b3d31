import type { ModelRef } from '../domain/model-ref.ts'
import type { AuditAction, AuditEntry } from '../domain/people/audit.ts'
import type { EmbedLink } from '../domain/people/embed-link.ts'
import type { Grant } from '../domain/people/grant.ts'
import type { Person } from '../domain/people/person.ts'
import type { PersonalToken } from '../domain/people/personal-token.ts'
import type { Session } from '../domain/people/session.ts'
import type { ListedShare, Share, SharedThing } from '../domain/people/share.ts'

/** The members of a person that an operator or a sign-in changes. */
export type PersonChanges = Partial<
  Omit<Person, 'id' | 'issuer' | 'subject' | 'handle' | 'createdAt'>
>

/** Entries that match every member that is present. */
export interface AuditFilter {
  readonly actor?: string
  readonly actions?: readonly AuditAction[]
  /** At this moment or later, in milliseconds since 1970. */
  readonly since?: number
  /** A part of a name, a subject or a detail. Only the newest of all that match the rest are searched. */
  readonly text?: string
}

/** People, where they are signed in, and their API tokens. */
export interface PeopleStore {
  /**
   * Keeps a person whom an issuer knows by this subject, unless there is one; resolves with the one that
   * is kept. A handle that somebody else has gets a number: `ann-2`.
   */
  addPerson(person: Person): Promise<Person>
  findPerson(id: string): Promise<Person | null>
  findSubject(issuer: string, subject: string): Promise<Person | null>
  /** The people with these handles or ids, in no order. */
  peopleAmong(names: readonly string[]): Promise<readonly Person[]>
  /** Every person, by handle; at most `limit`, after a handle. `text`: a part of a handle, name or address. */
  people(limit: number, after: string | null, text?: string): Promise<readonly Person[]>
  /** The owner names that operators gave to anybody by hand. */
  givenNamespaces(): Promise<ReadonlySet<string>>
  /** False when there is no such person. */
  changePerson(id: string, changes: PersonChanges): Promise<boolean>
  addSession(session: Session): Promise<void>
  findSession(hash: string): Promise<Session | null>
  /** The sessions of a person, newest first. */
  sessionsOf(person: string): Promise<readonly Session[]>
  /** Keeps when a session was last used. */
  seeSession(hash: string, at: number): Promise<void>
  /** Ends the session with this hash. False when there was none. */
  endSession(hash: string): Promise<boolean>
  /** Ends sessions of a person: all but one, of the provider’s session `sid` alone, where one is given. */
  endSessions(
    person: string,
    which?: { readonly but?: string; readonly sid?: string },
  ): Promise<void>
  /** Ends the sessions that belong to a provider’s session. Resolves with their people. */
  endProviderSession(issuer: string, sid: string): Promise<readonly string[]>
  /** Removes sessions that expired before this moment. */
  forgetSessions(before: number): Promise<void>
  addToken(token: PersonalToken): Promise<void>
  findToken(hash: string): Promise<PersonalToken | null>
  /** The tokens of a person, newest first, revoked and expired ones among them. */
  tokensOf(person: string): Promise<readonly PersonalToken[]>
  /** Keeps when and from where a token was used. */
  useToken(id: string, at: number, from: string): Promise<void>
  /** Revokes a token of a person. False when there is no such token, or it was revoked before. */
  revokeToken(person: string, id: string, at: number): Promise<boolean>
  /** Removes a revoked or expired token from the list. False when there is no such token. */
  removeToken(person: string, id: string): Promise<boolean>
}

/** Access to private models, and the audit log. */
export interface RightsStore {
  /** Access to private models that was given to others. */
  grants(): Promise<readonly Grant[]>
  /** Creates or replaces the access of one grantee to one model. */
  saveGrant(grant: Grant): Promise<void>
  /** False when there was none. */
  removeGrant(grant: Pick<Grant, 'model' | 'grantee'>): Promise<boolean>
  /** Keeps an entry that belongs to no change of the store: `recording` is for those that do. */
  addEntry(entry: AuditEntry): Promise<void>
  /** One page of at most `limit` entries, newest first; `before` is the `next` of the page before it. */
  entries(
    filter: AuditFilter,
    limit: number,
    before: string | null,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | null }>
  /** Removes up to `limit` entries from before this moment. Resolves with their number. */
  forgetEntries(before: number, limit: number): Promise<number>
}

/** Share links. Deleting or narrowing what they lead to ends them in its transaction. */
export interface ShareStore {
  /** Keeps a share link. False when there is one with this id. */
  share(share: Share): Promise<boolean>
  /** The share with a token of this hash, ended ones among them. */
  findShare(hash: string): Promise<Share | null>
  /** The share links to something that were not ended, oldest first. */
  sharesOf(thing: SharedThing): Promise<Share[]>
  /**
   * One page of at most `limit` links that still work, newest first: of all, or of those that somebody
   * made. `before` is the `next` of the page before it.
   */
  shares(
    filter: { readonly createdBy?: string; readonly now: number },
    limit: number,
    before: string | null,
  ): Promise<{ readonly shares: readonly ListedShare[]; readonly next: string | null }>
  /** Counts an opening: `isFirst` for the first. False when it is not, or the first is missing. */
  openShare(id: string, at: number, isFirst: boolean): Promise<boolean>
  /** Ends one share link to something, or all of them. False when there was none. */
  endShares(which: { readonly of: SharedThing; readonly id?: string }, at: number): Promise<boolean>
}

/** Embed links. Narrowing what they lead to ends them in its transaction. */
export interface EmbedStore {
  /** Keeps an embed link. False when there is one with this id. */
  addEmbed(link: EmbedLink): Promise<boolean>
  /** The link with a token of this hash, ended ones among them. */
  findEmbed(hash: string): Promise<EmbedLink | null>
  /** The newest links to a model that were not ended, at most `limit`. */
  embedsOf(model: ModelRef, limit: number): Promise<readonly EmbedLink[]>
  /** Counts a prediction that was made by a link. */
  useEmbed(id: string, at: number): Promise<void>
  /** Ends a link to a model. False when there was none. */
  endEmbed(which: { readonly model: ModelRef; readonly id: string }, at: number): Promise<boolean>
}
