/** Times in milliseconds, and sizes in bytes. */
export interface ReplicateLimits {
  /** How long a page waits for a model to be looked up. */
  readonly pageWaitMs: number
  /** How long a list of models waits for those that were never looked up. */
  readonly listWaitMs: number
  /** How long the settings page waits for the account of the token. */
  readonly stateMs: number
  /** How long a looked-up model is fresh. */
  readonly freshMs: number
  /** How long a 404 of a model is cached. */
  readonly absentMs: number
  /** The time-out of a request. */
  readonly requestMs: number
  /** The first and the longest pause between polls of a run. */
  readonly pollMs: number
  readonly mostPollMs: number
  /** The longest pause between polls of a run with webhooks or a stream. */
  readonly webhookPollMs: number
  /** How long polls of a run may fail before the run fails. */
  readonly patienceMs: number
  /** How long the creation of a prediction is retried. */
  readonly createMs: number
  /** How long to wait for the webhook of a run whose id is not known. */
  readonly recoverMs: number
  /** How long a canceled run may take to end. */
  readonly cancelMs: number
  /** The shortest time between two requests for the secret of webhooks. */
  readonly secretMs: number
  /** How long all downloads of one run may take together. */
  readonly copyMs: number
  /** The largest response, with the files in it. */
  readonly mostAnswer: number
  /** The largest cover. */
  readonly mostCover: number
  /** The largest input file that is sent as data instead of an upload. */
  readonly mostInline: number
}

export const defaultReplicateLimits: ReplicateLimits = {
  pageWaitMs: 4_000,
  listWaitMs: 200,
  stateMs: 1_500,
  freshMs: 10 * 60_000,
  absentMs: 60_000,
  requestMs: 30_000,
  pollMs: 500,
  mostPollMs: 5_000,
  webhookPollMs: 15_000,
  patienceMs: 5 * 60_000,
  createMs: 2 * 60_000,
  recoverMs: 10 * 60_000,
  cancelMs: 30_000,
  secretMs: 60_000,
  copyMs: 5 * 60_000,
  mostAnswer: 64 * 2 ** 20,
  mostCover: 20 * 2 ** 20,
  mostInline: 256 * 1024,
}
