/** How long things may take, and how much may come. Milliseconds and bytes. */
export interface ReplicateLimits {
  /** A page waits this long for a model to be looked up. */
  readonly pageWaitMs: number
  /** A list of models waits this long for those that were never looked up. */
  readonly listWaitMs: number
  /** How long the settings wait for the service to say whose the token is. */
  readonly stateMs: number
  /** What is known of a model is asked for again after this long. */
  readonly freshMs: number
  /** A model that was not there is asked for again after this long. */
  readonly absentMs: number
  /** A request that is not answered within this has failed. */
  readonly requestMs: number
  /** A run is asked after this often at first, and this often at last. */
  readonly pollMs: number
  readonly mostPollMs: number
  /** How often at last when it reports by itself, too. */
  readonly webhookPollMs: number
  /** A run whose service cannot be reached for this long has failed. */
  readonly patienceMs: number
  /** A service that does not take a run is asked again for this long. */
  readonly createMs: number
  /** How long a call is waited for that says what became of a run of unknown name. */
  readonly recoverMs: number
  /** How long a run that is canceled may take to end. */
  readonly cancelMs: number
  /** How often at most the secret of callbacks is asked for. */
  readonly secretMs: number
  /** How long copying the files of one run may take together. */
  readonly copyMs: number
  /** The largest answer of the API: an output with its files as data can be large. */
  readonly mostAnswer: number
  /** The largest cover. */
  readonly mostCover: number
  /** The largest file that goes as data rather than being uploaded. */
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
