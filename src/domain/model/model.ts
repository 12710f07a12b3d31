import type { Json, JsonObject } from '../json/json.ts'
import { type ModelRef, modelName } from '../model-ref.ts'
import type { Grant } from '../people/grant.ts'
import type { ModelSchema } from '../schema/schema.ts'
import type { ExampleOutput } from './example-output.ts'

/** One immutable schema of a model, kept for as long as a prediction points at it. */
export interface Version {
  /** SHA-256, 64 hex digits, of the canonical schema and, for local models, of their source. */
  readonly id: string
  readonly model: ModelRef
  readonly provider: string
  /** Its input and output, parsed once when the version is read. */
  readonly schema: ModelSchema
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The version of Cog that it was built with; left out when that is not known, and of local models. */
  readonly cogVersion?: string
}

/** A model that a provider can run. */
export interface Model {
  readonly ref: ModelRef
  /** The name of the provider that runs it: `local`, `cog`. */
  readonly provider: string
  readonly description: string
  readonly version: Version
  /** Whether `version` is not the one that runs unless another is asked for; left out where nobody has to know. */
  readonly isEarlier?: boolean
  /** Name of a picture among the model's own files, shown on cards and at the head of its page. */
  readonly cover: string | null
  /** Markdown. */
  readonly readme: string | null
  readonly links: ModelLinks
  /** A picture elsewhere that a program named as the cover. Pages do not load it. */
  readonly externalCover: string | null
  readonly tags: readonly string[]
  /** Private: for its namespace, for those who were given access, and for operators. See `may`. */
  readonly visibility: 'public' | 'private'
  /** The access that was given to others while it is private. */
  readonly grants: readonly Grant[]
  /** Id of the prediction that its page opens with; null for none. It may have been deleted. */
  readonly defaultExample: string | null
  /** The inputs that comparisons take for one of another name, which they name: `text` for `prompt`. */
  readonly countsAs: Readonly<Record<string, string>>
  /** Example inputs; the form opens with the first. */
  readonly examples: readonly JsonObject[]
  /** The output of the first example; null when the model brings none. */
  readonly exampleOutput?: ExampleOutput | null
  readonly limits: RunLimits
  /** A sentence saying why it cannot be run now; null when it can. */
  readonly broken: string | null
  /** Why its schema is not known: `version` is then a placeholder. Null when it is known. */
  readonly undescribed: Undescribed | null
}

/** URLs of pages about a model, each `http:` or `https:`; null when there is none. */
export interface ModelLinks {
  readonly github: string | null
  readonly paper: string | null
  readonly license: string | null
}

export const linkKinds = ['github', 'paper', 'license'] as const

/** The members that most providers do not know. */
export const unpresented = {
  links: { github: null, paper: null, license: null },
  externalCover: null,
  tags: [],
  visibility: 'public',
  grants: [],
  defaultExample: null,
  countsAs: {},
} as const

/** Whether it is known what it takes. */
export function isDescribed({ undescribed }: Pick<Model, 'undescribed'>): boolean {
  return undescribed === null
}

/**
 * `away`: the upstream that knows cannot be asked now. `refused`: it was asked and does not say.
 * `nothing`: there is no upstream to ask, or the model has no version that can be read.
 */
export type Undescribed = 'away' | 'refused' | 'nothing'

export interface RunLimits {
  /** How many predictions run at once; the rest wait in the model's queue. */
  readonly copies: number
  /** Longest run in milliseconds, set-up included; null for the operator's own limit. */
  readonly timeoutMs: number | null
  /** How long its container may take to start, which counts for no run; left out where it counts. */
  readonly bootMs?: number
  /**
   * How many predictions one of its instances runs at once, where instances are started for it: deployments then have
   * instances of their own. Left out where they share those of the model.
   */
  readonly instanceSlots?: number
  /** Whether a run that the server's death cut short may be run again. */
  readonly rerun: boolean
}

/**
 * Cold: the next run has to boot it first. Booting: that is under way. Warm: a run starts at once.
 * Busy: it waits for what runs now. Failed: it was booted, and cannot run anything.
 */
export type Warmth = 'warm' | 'busy' | 'booting' | 'cold' | 'failed'

/** Whether it was booted and cannot run anything. */
export function isDown(warmth: Warmth): boolean {
  return warmth === 'failed'
}

/** The state of a model besides its warmth. */
export interface ModelHealth {
  /** When it began to boot, in milliseconds since 1970; null when it does not boot, or that is not known. */
  readonly since: number | null
  /** One sentence that explains its state; null when its warmth says enough. */
  readonly note: string | null
  /** The output of its set-up, while it boots or after it failed. */
  readonly logs: string
  /** The state of each instance, where there are several. */
  readonly instances?: readonly InstanceHealth[]
}

/** One of several instances that run a model. */
export interface InstanceHealth {
  /** Its address. */
  readonly name: string
  readonly warmth: Warmth
  /** One sentence on why runs do not go there; null when they do. */
  readonly note: string | null
}

export const nothingToNote: ModelHealth = { since: null, note: null, logs: '' }

/** The content that a version's id is a hash of, apart from the source of a local model. */
export function versionContent(ref: ModelRef, schemas: JsonObject): Json {
  return { model: modelName(ref), schemas }
}
