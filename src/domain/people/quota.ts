/** How much a person may run. Null: without limit. */
export interface Quota {
  /** Predictions that run at the same time, in all models. Others wait. */
  readonly running: number | null
  /** Predictions that wait, in all models. */
  readonly waiting: number | null
  /** Predictions accepted in a minute. */
  readonly perMinute: number | null
  /** Predictions accepted in a day, which begins at midnight UTC. */
  readonly perDay: number | null
  /** Seconds that models worked in a day. */
  readonly secondsPerDay: number | null
}

export const noQuota: Quota = {
  running: null,
  waiting: null,
  perMinute: null,
  perDay: null,
  secondsPerDay: null,
}
