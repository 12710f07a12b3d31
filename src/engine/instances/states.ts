/** A container as people see it. */
export interface InstanceState {
  /** Its name at the engine: `sandpit-4f2a…`. */
  readonly name: string
  readonly model: string
  /** Null for the model itself. */
  readonly deployment: string | null
  readonly version: string
  readonly engine: string
  readonly gpus: readonly string[]
  readonly phase: Phase
  /** Where it answers: `http://127.0.0.1:41234`; null before it runs. */
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
  /** How far its image is pulled; null when nothing is. */
  readonly pull: PullState | null
  /** The last of what it wrote. */
  readonly logs: string
}

export type Phase = 'pulling' | 'starting' | 'booting' | 'ready' | 'leaving'

/** How far a pull is. */
export interface PullState {
  readonly layersDone: number
  readonly layers: number
  /** In bytes; null where the engine gives no numbers. */
  readonly done: number | null
  readonly total: number | null
}

/** A container that could not be started, or ended by itself. */
export interface InstanceFailure {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Why, as a sentence. */
  readonly sentence: string
  /** The last of what it wrote. */
  readonly logs: string
}

/** What a server in a container says of itself. */
export type Readiness =
  | { readonly state: 'booting'; readonly logs: string }
  | { readonly state: 'ready' }
  /** It cannot run anything, and will not. */
  | { readonly state: 'broken'; readonly sentence: string; readonly logs: string }
  /** It does not answer yet, or no longer. */
  | { readonly state: 'away' }
