/** Locks by name that hold over all replicas, which share a database. */
export interface Locks {
  /**
   * Runs `work` unless somebody holds the lock, alone or together, here or elsewhere. Resolves with whether
   * it ran. A replica that cannot reach the database for a while loses its locks: `work` may then run
   * elsewhere before it ends here, and has to allow for that.
   */
  alone(name: string, work: () => Promise<void>): Promise<boolean>
  /**
   * Runs `work` beside others who hold the lock together, once nobody holds it alone. `work` is run again
   * when the lock was lost meanwhile, so that its last run was under the lock.
   */
  together<T>(name: string, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}
