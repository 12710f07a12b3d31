/** Times in milliseconds, sizes in bytes, and lengths of texts in UTF-16 units. */
export interface OpenAiLimits {
  /** Between two checks of a server. */
  readonly checkEveryMs: number
  /** The same for a service that answers for money, and is hardly ever away. */
  readonly checkHostedEveryMs: number
  /** How long the page of a model waits for its abilities. */
  readonly pageWaitMs: number
  /** How long a list of models waits for them. */
  readonly listWaitMs: number
  /** The time-out of a request, except for runs. */
  readonly requestMs: number
  /** Between two tries of a run that a server does not take now. */
  readonly waitMs: number
  /** How long a run waits for servers that are unreachable or overloaded. */
  readonly patienceMs: number
  /** How long text is gathered before it is reported, while a server answers one run, and many. */
  readonly gatherMs: number
  readonly mostGatherMs: number
  /** How long a connection stays open after the model has finished. */
  readonly afterEndMs: number
  /** How long a file that an image model links to may take. */
  readonly copyMs: number
  /** The largest list of models, or other small response. */
  readonly maxDocumentBytes: number
  /** The largest input file. */
  readonly maxInputBytes: number
  /** The largest response that is not a stream. */
  readonly maxAnswerBytes: number
  /** The longest line of a stream. */
  readonly maxLineUnits: number
  /** The longest answer of a chat model. */
  readonly maxTextUnits: number
  /** The most logs of a run that are kept. */
  readonly maxLogUnits: number
  /** The longest side of a picture that is sent, in pixels. */
  readonly maxPixels: number
}

export const defaultOpenAiLimits: OpenAiLimits = {
  checkEveryMs: 10_000,
  checkHostedEveryMs: 5 * 60_000,
  pageWaitMs: 2_000,
  listWaitMs: 200,
  requestMs: 5_000,
  waitMs: 1_000,
  patienceMs: 60_000,
  gatherMs: 10,
  mostGatherMs: 40,
  afterEndMs: 3_000,
  copyMs: 5 * 60_000,
  maxDocumentBytes: 4 * 2 ** 20,
  maxInputBytes: 25 * 2 ** 20,
  maxAnswerBytes: 128 * 2 ** 20,
  maxLineUnits: 2 ** 20,
  maxTextUnits: 16 * 2 ** 20,
  maxLogUnits: 2 * 2 ** 20,
  maxPixels: 2_048,
}
