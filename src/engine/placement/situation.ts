/** Something that containers are run for: one version of a model, by itself or for a deployment. */
export interface Wish {
  readonly key: string
  /** The key of what comes in its place, as a later version does: its containers stay until that is ready. Null for none. */
  readonly replacedBy: string | null
  /** The engines that its containers may run on, the preferred first. */
  readonly engines: readonly string[]
  /** How many GPUs a container has to itself. */
  readonly gpus: number
  /** The memory that a container takes of a GPU beside others, in bytes; null where it shares none. */
  readonly gpuBytes: number | null
  /** How many containers are kept ready. */
  readonly min: number
  /** No more run at once. */
  readonly max: number
  /** How many runs a container takes at once. */
  readonly slots: number
  /** Runs that wait for a container. */
  readonly waiting: number
  /** Since when the first of them waits, in milliseconds since 1970; null for none. */
  readonly waitsSince: number | null
  /** The usual time of a run and of a boot, in milliseconds; null while that is not known. */
  readonly runMs: number | null
  readonly bootMs: number | null
  /** A container without runs is stopped after this time, in milliseconds. */
  readonly idleMs: number
  /** After containers that failed, the next is not started before, in milliseconds since 1970. */
  readonly notBefore: number
}

/** A container that runs for a wish, or is about to. */
export interface Running {
  readonly id: string
  /** Of its wish. */
  readonly key: string
  readonly engine: string
  /** The GPUs that it was given. */
  readonly gpus: readonly string[]
  /** The memory that it takes of them, in bytes; null where it has them to itself. */
  readonly gpuBytes: number | null
  /** `leaving`: it takes no more runs, and is stopped once it has none. */
  readonly state: 'booting' | 'ready' | 'leaving'
  /** Whether it was started with settings that have changed since. */
  readonly isOutdated: boolean
  /** Whether it was found so lately that not all of its runs may be known. */
  readonly isFound: boolean
  /** Runs that it works on. */
  readonly runs: number
  /** Since when it is ready, in milliseconds since 1970, as is the next. */
  readonly readySince: number | null
  /** Since when it has no runs; null while it has some. */
  readonly idleSince: number | null
}

/** A GPU of an engine. */
export interface Gpu {
  /** Its index, or its UUID. */
  readonly id: string
  /** Its memory; null when it is not known: then nobody shares it. */
  readonly bytes: number | null
}

export interface EngineRoom {
  readonly name: string
  readonly gpus: readonly Gpu[]
  /** Whether containers can be started there now. */
  readonly isOpen: boolean
  /** How many containers boot on it at once: the engine is quick, and what boots competes for its CPUs. */
  readonly mostBooting: number
}

export interface Situation {
  /** In milliseconds since 1970. */
  readonly now: number
  readonly engines: readonly EngineRoom[]
  readonly wishes: readonly Wish[]
  readonly running: readonly Running[]
}

export interface Start {
  readonly key: string
  readonly engine: string
  readonly gpus: readonly string[]
}

/** What is to be done now. */
export interface Placements {
  readonly starts: readonly Start[]
  /** The containers that are to take no more runs, and to stop once they have none. */
  readonly leaves: readonly string[]
  /** Why the runs of a wish wait although nothing boots for it, by its key. */
  readonly holdUps: ReadonlyMap<string, HoldUp>
}

/**
 * `busy`: other containers have the GPUs, those of the wishes `by`. `never`: no engine has GPUs as are asked for.
 * `no engine`: none of those that it may run on is configured.
 */
export type HoldUp =
  | { readonly kind: 'backing off'; readonly until: number }
  | { readonly kind: 'busy'; readonly by: readonly string[] }
  | { readonly kind: 'never' }
  | { readonly kind: 'no engine' }
