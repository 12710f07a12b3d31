/** One browser in which a person is signed in. */
export interface Session {
  /** SHA-256 of the cookie’s value, in hex. The value itself is kept nowhere. */
  readonly hash: string
  /** Id of the person. */
  readonly person: string
  readonly issuer: string
  /** The provider’s id of its own session, which it names when it ends; null when it sends none. */
  readonly sid: string | null
  /** The sealed ID token, a hint for the provider at sign-out; null when there is none. */
  readonly idToken: string | null
  /** The `User-Agent` header of the sign-in, shortened. */
  readonly agent: string
  /** The network address of the sign-in. */
  readonly address: string
  /** Milliseconds since 1970, as are the next two. */
  readonly createdAt: number
  /** When it was last used, to some minutes. */
  readonly seenAt: number
  /** When it ends at the latest. */
  readonly expiresAt: number
}

/** How long a sign-in may take, in milliseconds. */
export const attemptMs = 10 * 60_000
