import type { Json } from '../domain/json/json.ts'

/** What replicas know of upstreams, by its kind and a key. */
export interface UpstreamNotes {
  /** Null when there is none. */
  read(kind: string, key: string): Promise<Json | null>
  /**
   * Keeps a note in place of the last one, unless that is of the same edition. Resolves with the one that is kept, so
   * that replicas that learn of something at once note it alike.
   */
  write(kind: string, key: string, note: UpstreamNote): Promise<Json>
  remove(kind: string, key: string): Promise<void>
}

export interface UpstreamNote {
  /** Differs where the content differs in what matters. */
  readonly edition: string
  readonly content: Json
}
