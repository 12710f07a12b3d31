import type { StoredFile } from '../domain/file.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Model, ModelRef, Version, Warmth } from '../domain/model.ts'
import type { Occurrence } from '../domain/prediction.ts'

/**
 * Something that can run models. A provider never touches the store: it reports what happens,
 * and the runner decides what that means.
 */
export interface Provider {
  /** As kept in predictions: `local`, `cog` or `replicate`. */
  readonly name: string
  /** Whether file inputs that are addresses elsewhere are fetched for it, through the guard. */
  readonly wantsFiles: boolean
  /** Every model it knows of, in the order they are to be listed. Broken ones are among them. */
  models(): Promise<readonly Model[]>
  /** One model by name; null when it has none of that name. */
  find(ref: ModelRef): Promise<Model | null>
  /** Whether the next run starts at once. */
  warmth(ref: ModelRef): Warmth
  /** A file that belongs to a model itself: its cover, or a file of its examples. */
  asset(ref: ModelRef, name: string): Promise<Asset | null>
  /**
   * Runs a prediction and reports what happens, in order. What the run needs to know comes with
   * it; expected trouble is a `failed` occurrence with a sentence for a person, and its raw cause
   * goes to the logs. When `run.signal` aborts, the work is stopped for real before this returns.
   * The next occurrence is asked for only once the last is safe, so a provider can hold back a
   * model that makes more than we can take. Throws only on a fault of its own.
   */
  run(run: Run): AsyncIterable<Occurrence>
  /** Stops everything it started. Runs under way end without a result. */
  close(): Promise<void>
}

export interface Run {
  /** Of the prediction. */
  readonly id: string
  readonly version: Version
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  readonly signal: AbortSignal
  /** Copies a stored file to a path on this machine. */
  copyFile(file: StoredFile, path: string): Promise<void>
  /** Keeps a file that the run made; `ref` when the output already refers to it by one. */
  keepFile(content: AsyncIterable<Uint8Array>, name: string, ref?: string): Promise<StoredFile>
}

export interface Asset {
  readonly name: string
  readonly content: ReadableStream<Uint8Array>
}
