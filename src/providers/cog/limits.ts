/** How long the cog provider waits, and how much it takes. Times are in milliseconds, sizes in bytes. */
export interface CogLimits {
  /** Between two looks at a container that nothing waits for. */
  readonly healthEveryMs: number
  /** How long the page of a model waits until its containers have said what they take. */
  readonly pageWaitMs: number
  /** How long a list of models does. */
  readonly listWaitMs: number
  /** Longest that a container may take to say how it is. */
  readonly requestMs: number
  /** Between two looks at the containers that a run waits for. */
  readonly waitMs: number
  /** Between two looks at a container while it works on a run. */
  readonly watchMs: number
  /** How long a run waits for containers that cannot be reached or say that they are unhealthy. */
  readonly patienceMs: number
  /** How long a container that works on a run may be out of reach. */
  readonly goneMs: number
  /** How long a canceled run may take to end. */
  readonly cancelGraceMs: number
  /** How long copying what the outputs of one run lead to may take together. */
  readonly copyMs: number
  /** Largest `/openapi.json` and `/health-check`. */
  readonly maxDocumentBytes: number
  /**
   * Largest input file that is sent within the request. Cog in Python takes any, a coglet 100 MB with
   * base64: this is what may be in our memory at once.
   */
  readonly maxInlineBytes: number
  /** Most of all files that are sent within one request. */
  readonly maxInlineTotalBytes: number
  /** Largest answer, files in it included. */
  readonly maxAnswerBytes: number
  /** Most of a run's logs that is kept, in UTF-16 units. */
  readonly maxLogUnits: number
  /** Largest file that an output leads to by an address elsewhere. */
  readonly maxFetchedBytes: number
}

export const defaultCogLimits: CogLimits = {
  healthEveryMs: 10_000,
  pageWaitMs: 2_000,
  listWaitMs: 200,
  requestMs: 5_000,
  waitMs: 1_000,
  watchMs: 3_000,
  patienceMs: 60_000,
  goneMs: 120_000,
  cancelGraceMs: 10_000,
  copyMs: 5 * 60_000,
  maxDocumentBytes: 10 * 2 ** 20,
  maxInlineBytes: 64 * 2 ** 20,
  maxInlineTotalBytes: 64 * 2 ** 20,
  maxAnswerBytes: 256 * 2 ** 20,
  maxLogUnits: 2 * 2 ** 20,
  maxFetchedBytes: 2 ** 30,
}
