/** A container, or a process, that runs a model. */
export interface InstanceState {
  /** Unique: `sandpit-4f2a…`, as the engine names a container. */
  readonly name: string
  readonly model: string
  /** `owner/name` of the deployment that it is of; null for the model itself. */
  readonly deployment: string | null
  readonly version: string
  /** The engine that it runs on; null for a process of this server. */
  readonly engine: string | null
  /** The ids of the GPUs that it uses, alone or beside others. */
  readonly gpus: readonly string[]
  readonly phase: InstancePhase
  /** Where it answers: `http://127.0.0.1:41234`; null before it runs, and for a process. */
  readonly origin: string | null
  /** Milliseconds since 1970, as are the next. */
  readonly startedAt: number
  /** Null while it is not ready. */
  readonly readyAt: number | null
  /** Since when it has had no runs; null while it has some, or is not ready. */
  readonly idleSince: number | null
  /** The runs that it works on, and how many it takes at once. */
  readonly runs: number
  readonly slots: number
  /** Whether it was started with settings that have changed since. */
  readonly isOutdated: boolean
  /** How far its image is pulled; null when nothing is. */
  readonly pull: PullState | null
  /** The last of what it wrote. */
  readonly logs: string
}

/** `leaving`: it takes no more runs, and is stopped once it has none. */
export type InstancePhase = 'pulling' | 'starting' | 'booting' | 'ready' | 'leaving'

/** How far a pull is. */
export interface PullState {
  readonly layersDone: number
  readonly layers: number
  /** In bytes; null where the engine gives no numbers. */
  readonly done: number | null
  readonly total: number | null
}

/** An instance that could not be started, or ended by itself. */
export interface InstanceFailure {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Why, as a sentence. */
  readonly sentence: string
  /** The last of what it wrote. */
  readonly logs: string
  /** Before when no other is started because of it, in milliseconds since 1970. */
  readonly notBefore: number
}

/** When the next instance is started after failures. */
export interface NextTry {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Whether it is started then in any case; else with the next run, from then on. */
  readonly isKept: boolean
}

/** The memory that an instance uses, and may use, in bytes; null for as much as there is. */
export interface InstanceMemory {
  readonly used: number
  readonly most: number | null
}
