import { randomBytes } from 'node:crypto'
import type { Person } from '../domain/people/person.ts'
import { returnAddress } from '../domain/people/return-address.ts'
import { isAllowed, type StandingRules } from '../domain/people/standing.ts'
import type { Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'
import { type KnownPeople, sessionHash } from './known-people.ts'
import {
  type FailureReason,
  type Identity,
  type IdentityProvider,
  SignInFailed,
} from './providers/provider.ts'
import { createCutGroups, endSessions, entryOf, keepPerson, sessionOf } from './records.ts'
import {
  newTransaction,
  openTransaction,
  sealTransaction,
  type Transaction,
  transactionCookie,
} from './transactions.ts'

const sessionBytes = 32

/** The browser that a request came from. */
export interface Client {
  /** The `User-Agent` header. */
  readonly agent: string
  /** The network address. */
  readonly address: string
}

/** Who came back from the provider, and how. `session`: the value for their cookie. */
export type Finished =
  | ({ readonly is: 'in'; readonly session: string } & Ended)
  | ({ readonly is: 'not allowed' | 'disabled'; readonly who: string } & Ended)
  | ({ readonly is: 'broken off'; readonly reason: FailureReason } & Ended)
  /** There is no such sign-in under way in this browser. */
  | { readonly is: 'unknown' }

/** A sign-in that is over. */
interface Ended {
  /** Where to go, or from where to try again. */
  readonly to: string
  /** The name of its cookie, which is of no more use. */
  readonly cookie: string
}

export interface SignInOptions {
  readonly provider: () => Promise<IdentityProvider>
  readonly people: KnownPeople
  readonly store: Store
  readonly seal: Seal
  readonly rules: StandingRules
  /** How long sessions last in all, in milliseconds. */
  readonly totalMs: number
  /** The path under which this server is served. */
  readonly base: string
  readonly now: () => number
  readonly newId: () => string
  readonly log: {
    info(details: object, message: string): void
    error(details: object, message: string): void
  }
}

export type SignIn = ReturnType<typeof createSignIn>

/** Signs people in at a provider, and out again. */
export function createSignIn(options: SignInOptions) {
  const { provider, store, seal, now, log } = options
  const cut = createCutGroups(options)

  function refusal(who: Person | string, { address }: Client, detail: string) {
    return entryOf(options, 'sign-in refused', who, { address, detail })
  }

  async function letIn(identity: Identity, client: Client) {
    const who = identity.email ?? identity.name
    cut.note(identity, who)
    if (!isAllowed(options.rules, identity)) {
      await store.addEntry(refusal(who, client, 'none of their groups has access'))
      return { is: 'not allowed', who } as const
    }
    const person = await keepPerson(options, identity)
    if (person.disabledAt !== null) {
      await store.addEntry(refusal(person, client, 'disabled'))
      return { is: 'disabled', who } as const
    }
    const value = randomBytes(sessionBytes).toString('base64url')
    const session = sessionOf(options, value, identity, { person: person.id, ...client })
    await store.recording(entryOf(options, 'signed in', person, client)).addSession(session)
    return { is: 'in', session: value } as const
  }

  return {
    /** People whose lists of groups are probably incomplete, and why; the last few. */
    cutGroups: cut.list,

    /**
     * Begins to sign somebody in. The cookie belongs into their browser for ten minutes. `silent`:
     * without a page at the provider. Rejects with `SignInFailed`.
     */
    async begin(to: string, redirectUri: string, silent: boolean) {
      const transaction = newTransaction(returnAddress(to, options.base), redirectUri, now())
      const url = await (await provider()).authorizationUrl(transaction, silent)
      return {
        url,
        cookie: {
          name: transactionCookie(transaction.state),
          value: sealTransaction(seal, transaction),
        },
      }
    },

    /** Signs in who comes back from the provider with this query. `cookieOf`: of their browser. */
    async finish(
      query: string,
      cookieOf: (name: string) => string | undefined,
      client: Client,
    ): Promise<Finished> {
      const state = new URLSearchParams(query).get('state') ?? ''
      const name = transactionCookie(state)
      const sent = cookieOf(name)
      const begun = sent === undefined ? null : openTransaction(seal, sent, { state, now: now() })
      if (!begun) return { is: 'unknown' }
      const ended = { to: begun.to, cookie: name }
      const identity = await identified(options, begun, query)
      if ('reason' in identity) return { is: 'broken off', ...identity, ...ended }
      return { ...(await letIn(identity, client)), ...ended }
    },

    /** Why `begin` rejected; null for an error of this server. */
    failureOf: (error: unknown) => (error instanceof SignInFailed ? error.reason : null),

    /** Ends a session. Resolves with where to sign out at the provider, too; null where that is not known. */
    async signOut(cookie: string, returnTo: string, client: Client): Promise<URL | null> {
      const session = await store.findSession(sessionHash(cookie))
      if (!session) return null
      const person = await store.findPerson(session.person)
      const entry = entryOf(options, 'signed out', person ?? '', client)
      await store.recording(entry).endSession(session.hash)
      const idToken = session.idToken === null ? null : seal.open(session.idToken)
      try {
        return await (await provider()).endSessionUrl(idToken, returnTo)
      } catch (error) {
        log.info({ error }, 'The provider was not reached at a sign-out')
        return null
      }
    },

    /** Ends a session that another took the place of in its browser. */
    async replace(cookie: string): Promise<void> {
      await store.endSession(sessionHash(cookie))
    },

    /** Ends what a logout token of the provider says. False when it is not valid. */
    async endByProvider(token: string): Promise<boolean> {
      const ended = await (await provider()).readLogout(token)
      if (!ended) return false
      await endSessions(options, ended)
      return true
    },
  }
}

async function identified(
  { provider, log }: SignInOptions,
  begun: Transaction,
  query: string,
): Promise<Identity | { readonly reason: FailureReason }> {
  try {
    return await (await provider()).identify(begun, query)
  } catch (error) {
    if (!(error instanceof SignInFailed)) throw error
    log.error({ reason: error.reason, error }, 'A sign-in failed')
    return { reason: error.reason }
  }
}
