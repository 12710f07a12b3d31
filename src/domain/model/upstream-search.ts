import type { ModelRef } from '../model-ref.ts'

/** The models that a search at an upstream found, best match first. */
export interface UpstreamSearch {
  /** The name of the upstream, for people. */
  readonly service: string
  readonly models: readonly {
    readonly ref: ModelRef
    readonly description: string
    /** How often it was run there; null when that is not known. */
    readonly runs: number | null
  }[]
  /** One sentence on why it could not be searched; null when it was. */
  readonly trouble: string | null
}
