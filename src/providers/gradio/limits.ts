/** Times in milliseconds, sizes in bytes, and lengths of texts in UTF-16 units. */
export interface GradioLimits {
  /** Between two checks of an app. A Space is checked only when it is used: that would wake it. */
  readonly checkEveryMs: number
  /** A run asks its app again when the last check is older. */
  readonly freshMs: number
  /** How long the page of a model waits for its schema. */
  readonly pageWaitMs: number
  /** How long a list of models waits for their schemas. */
  readonly listWaitMs: number
  /** The time-out of a request, except for runs. */
  readonly requestMs: number
  /** Between two tries of a run that its app does not take now. */
  readonly waitMs: number
  /** How long a run waits for apps that are unreachable. */
  readonly patienceMs: number
  /** How long changes of an output are gathered before they are reported. */
  readonly gatherMs: number
  /** How long a canceled run may take to end. */
  readonly cancelGraceMs: number
  /** How long a canceled run that the app cannot stop keeps its slot. */
  readonly lingerMs: number
  /** How long all downloads of one run may take together. */
  readonly copyMs: number
  /** The largest `/config` and `/info`. */
  readonly maxDocumentBytes: number
  /** The longest message of a run. */
  readonly maxEventUnits: number
  /** All messages of a run together. */
  readonly maxStreamBytes: number
  /** The most logs of a run that are kept. */
  readonly maxLogUnits: number
  /** The largest file that is downloaded from another host. */
  readonly maxFetchedBytes: number
}

export const defaultGradioLimits: GradioLimits = {
  checkEveryMs: 60_000,
  freshMs: 10_000,
  pageWaitMs: 2_000,
  listWaitMs: 200,
  requestMs: 5_000,
  waitMs: 1_000,
  patienceMs: 60_000,
  gatherMs: 10,
  cancelGraceMs: 10_000,
  lingerMs: 10 * 60_000,
  copyMs: 5 * 60_000,
  maxDocumentBytes: 10 * 2 ** 20,
  maxEventUnits: 2 ** 20,
  maxStreamBytes: 2 ** 30,
  maxLogUnits: 2 * 2 ** 20,
  maxFetchedBytes: 2 ** 30,
}
