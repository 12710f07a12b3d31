/** The limits of local models, besides those that a model declares. */
export interface LocalLimits {
  /** How long an import may take when a model is described, in milliseconds. */
  readonly describeMs: number
  /** How long it may hold up other models that wait to be described, in milliseconds. */
  readonly describePatienceMs: number
  /** How long a list of models waits for models that are being described, in milliseconds. */
  readonly listWaitMs: number
  /** The memory limit of a process that describes a model, in MB. */
  readonly describeMemoryMb: number
  /** How long a canceled run may tidy up before its process is killed, in milliseconds. */
  readonly cancelGraceMs: number
  /** How long a copy is kept while it is idle, in milliseconds. */
  readonly idleMs: number
  /** The largest output of a run, in UTF-16 units of JSON. */
  readonly maxOutputUnits: number
  /** The most logs of a run that are kept, in UTF-16 units. */
  readonly maxLogUnits: number
}

export const defaultLocalLimits: LocalLimits = {
  describeMs: 5_000,
  describePatienceMs: 1_500,
  listWaitMs: 300,
  describeMemoryMb: 512,
  cancelGraceMs: 2_000,
  idleMs: 5 * 60_000,
  maxOutputUnits: 64 * 1024 * 1024,
  maxLogUnits: 2 * 1024 * 1024,
}
