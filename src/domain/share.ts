/** A link by which anyone may see one prediction, until it is revoked. */
export interface Share {
  /** 128 random bits in base32: no one can guess it. */
  readonly token: string
  /** Id of the prediction. */
  readonly prediction: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly revokedAt: number | null
}
