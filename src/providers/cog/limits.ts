/** Times in milliseconds, and sizes in bytes. */
export interface CogLimits {
  /** Between two health checks of a container. */
  readonly healthEveryMs: number
  /** How long the page of a model waits for its schema. */
  readonly pageWaitMs: number
  /** How long a list of models waits for their schemas. */
  readonly listWaitMs: number
  /** The time-out of a request, except for runs. */
  readonly requestMs: number
  /** Between two health checks of the containers that a run waits for. */
  readonly waitMs: number
  /** Between two health checks of a container while it works on a run. */
  readonly watchMs: number
  /** How long a page waits for what was started to answer. */
  readonly pageAskMs: number
  /** How long a request of the API waits for it: proxies cut those that take a minute. */
  readonly apiAskMs: number
  /** How long a run waits for containers that are unreachable or unhealthy. */
  readonly patienceMs: number
  /** How long a container may be unreachable while it works on a run. */
  readonly goneMs: number
  /** How long a canceled run may take to end. */
  readonly cancelGraceMs: number
  /** How long all downloads of one run may take together. */
  readonly copyMs: number
  /** The largest `/openapi.json` and `/health-check`. */
  readonly maxDocumentBytes: number
  /**
   * The largest input file that is sent as data. Cog in Python has no limit, and a coglet takes 100 MB
   * of base64: this limits our own memory.
   */
  readonly maxInlineBytes: number
  /** The most of all files that are sent as data in one request. */
  readonly maxInlineTotalBytes: number
  /** The largest response, with the files in it. */
  readonly maxAnswerBytes: number
  /** The most logs of a run that are kept, in UTF-16 units. */
  readonly maxLogUnits: number
  /** The largest file that is downloaded from another host. */
  readonly maxFetchedBytes: number
}

export const defaultCogLimits: CogLimits = {
  healthEveryMs: 10_000,
  pageWaitMs: 2_000,
  listWaitMs: 200,
  requestMs: 5_000,
  waitMs: 1_000,
  watchMs: 3_000,
  pageAskMs: 1_000,
  apiAskMs: 50_000,
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
