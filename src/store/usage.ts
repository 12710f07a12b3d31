/** What a person has used of their limits. Times are in milliseconds since 1970. */
export interface CountedUsage {
  /** The midnight from which it counts. */
  readonly day: number
  readonly runs: number
  /** Milliseconds that models worked. */
  readonly ms: number
  /** When the minute began in which `inMinute` were accepted. */
  readonly minuteFrom: number
  readonly inMinute: number
}

/** What people have used, counted over all replicas. What is removed later stays counted. */
export interface UsageTable {
  /** Null for a person of whom nothing is counted. */
  find(person: string): Promise<CountedUsage | null>
  /**
   * Counts for one person at a time. Resolves with what is counted when nobody else counts for them, and nobody
   * does until `end` is called: with what is counted then, or with null to change nothing.
   */
  begin(person: string): Promise<{
    readonly counted: CountedUsage | null
    end(next: CountedUsage | null): Promise<void>
  }>
  /** Adds to `ms` of people of whom this day is counted. */
  addTimes(day: number, times: ReadonlyMap<string, number>): Promise<void>
}
