/**
 * Counts the changes of what operators keep, over all replicas: what a replica has read of it is as it is now
 * while the count is the same.
 */
export interface OperatorChanges {
  count(): Promise<number>
  /** To be called after a change, before it is answered. */
  add(): Promise<void>
}
