/** Which replica sends webhooks to a receiver: one at a time, until its claim is over by the clock of the database. */
export interface ReceiverClaims {
  /** Claims a receiver for `ms` milliseconds from now. False when another replica has a claim that is not over. */
  claim(receiver: string, ms: number): Promise<boolean>
  /** Extends every claim of this replica to `ms` milliseconds from now. Resolves with the receivers. */
  renew(ms: number): Promise<readonly string[]>
  /** Ends a claim of this replica. */
  release(receiver: string): Promise<void>
  /** Every receiver with a claim that is not over. */
  claimed(): Promise<ReadonlySet<string>>
}
