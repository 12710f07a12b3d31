/** What a local model may take of the machine, apart from what it says of itself. */
export interface LocalLimits {
  /** Longest that importing a model may take when it is described, in milliseconds. */
  readonly describeMs: number
  /** A list of models waits so long for those that are still being described, in milliseconds. */
  readonly listWaitMs: number
  /** Most memory of a process that describes a model, in MB. */
  readonly describeMemoryMb: number
  /** A canceled run may tidy up for this many milliseconds before its process is killed. */
  readonly cancelGraceMs: number
  /** A copy that nothing has asked for in this many milliseconds is let go. */
  readonly idleMs: number
  /** Most of a run's output that is taken, as UTF-16 units of JSON. */
  readonly maxOutputUnits: number
  /** Most of a run's logs that is kept, in UTF-16 units. */
  readonly maxLogUnits: number
}

export const defaultLocalLimits: LocalLimits = {
  describeMs: 5_000,
  listWaitMs: 300,
  describeMemoryMb: 512,
  cancelGraceMs: 2_000,
  idleMs: 5 * 60_000,
  maxOutputUnits: 64 * 1024 * 1024,
  maxLogUnits: 2 * 1024 * 1024,
}
