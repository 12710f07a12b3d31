/** Times in milliseconds, and sizes in bytes. */
export interface ComfyLimits {
  /** Between two health checks of a server. */
  readonly healthEveryMs: number
  /** The time-out of a request, except for files. */
  readonly requestMs: number
  /** Between two tries of what a run waits for. */
  readonly waitMs: number
  /** Between two looks at a run while its events arrive. */
  readonly watchMs: number
  /** How long a run waits for servers that are unreachable. */
  readonly patienceMs: number
  /** How long a server may be unreachable while it works on a run. */
  readonly goneMs: number
  /** How long a canceled run may take to end. */
  readonly cancelGraceMs: number
  /** How long all downloads of one run may take together. */
  readonly copyMs: number
  /** How long all uploads of one run may take together. */
  readonly uploadMs: number
  /** Between two reports of progress. */
  readonly progressMs: number
  /** Between two previews that are shown. */
  readonly previewMs: number
  /** The largest response to a small request, and the largest message. */
  readonly maxDocumentBytes: number
  /** The most logs of a run that are kept, in UTF-16 units. */
  readonly maxLogUnits: number
}

export const defaultComfyLimits: ComfyLimits = {
  healthEveryMs: 10_000,
  requestMs: 5_000,
  waitMs: 1_000,
  watchMs: 3_000,
  patienceMs: 60_000,
  goneMs: 120_000,
  cancelGraceMs: 10_000,
  copyMs: 5 * 60_000,
  uploadMs: 10 * 60_000,
  progressMs: 250,
  previewMs: 1_000,
  maxDocumentBytes: 8 * 2 ** 20,
  maxLogUnits: 2 ** 18,
}
