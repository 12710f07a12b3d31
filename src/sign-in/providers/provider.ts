/** What a provider said of somebody who signed in. */
export interface Identity {
  readonly issuer: string
  /** Their id at the provider. */
  readonly subject: string
  /** As people are to read it. */
  readonly name: string
  /** What their handle is made of at their first sign-in. */
  readonly wantedHandle: string
  readonly email: string | null
  /** Whether the provider vouches that the address is theirs. */
  readonly emailVerified: boolean
  /** Their groups; their Workspace domain among them, as `@domain`. */
  readonly groups: readonly string[]
  /** Why the list of groups is probably incomplete; null when it seems whole. */
  readonly groupsCut: string | null
  /** The provider's id of its session; null when it sends none. */
  readonly sid: string | null
  readonly idToken: string | null
}

/** The secrets of one sign-in under way. */
export interface Attempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Where the provider sends people back. */
  readonly redirectUri: string
}

/** A session, or a person with all of theirs, that the provider ended. */
export interface Ended {
  readonly issuer: string
  readonly sid: string | null
  readonly subject: string | null
}

/** Somewhere people sign in. Every method rejects with `SignInFailed`. */
export interface IdentityProvider {
  /** Where to send people. `silent`: they come back at once, and see no page. */
  authorizationUrl(attempt: Attempt, silent: boolean): Promise<URL>
  /** Who came back, from the query with which they did. */
  identify(attempt: Attempt, query: string): Promise<Identity>
  /** Where people sign out at the provider; null where that is not possible by an address. */
  endSessionUrl(idToken: string | null, returnTo: string): Promise<URL | null>
  /** What a logout token of the provider ends; null when it is not valid. */
  readLogout(token: string): Promise<Ended | null>
}

/**
 * Why somebody could not be signed in. `away`: the provider does not answer. `refused`: the provider
 * or the person said no. `login required`: there is no session at the provider. `forged`: the answer
 * is not one to this attempt, or not of the provider. `clock`: the clocks differ too much.
 */
export type FailureReason = 'away' | 'refused' | 'login required' | 'forged' | 'clock'

export class SignInFailed extends Error {
  override readonly name = 'SignInFailed'
  readonly reason: FailureReason
  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
