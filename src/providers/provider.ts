import type { Config } from '../config.ts'
import type { StoredFile } from '../domain/file/file.ts'
import type { Json, JsonObject } from '../domain/json/json.ts'
import type { Model, ModelHealth, Version, Warmth } from '../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../domain/model/record.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import type { Occurrence } from '../domain/prediction/event.ts'
import type { Guard } from '../outbound/guard.ts'
import type { ModelSources } from './model-sources.ts'

/** What a provider can be made of. */
export interface ProviderParts {
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  /** Fetches addresses that somebody gave us. */
  readonly guard: Guard
}

/**
 * Something that can run models. A provider never touches the store: it reports what happens,
 * and the runner decides what that means.
 */
export interface Provider {
  /** As kept in predictions: `local`, `cog` or `replicate`. */
  readonly name: string
  /** What pages call it, beside a model: `Cog`. */
  readonly label: string
  /** What the settings page calls its models: `TypeScript models`. */
  readonly title: string
  /** Why a model that no operator added is here, as part of a sentence: `it is set in COG_MODELS`. */
  readonly origin: string
  /** How operators add models of it; left out when they cannot. */
  readonly sources?: ModelSources
  /** Whether file inputs that are addresses elsewhere are fetched for it, through the guard. */
  readonly wantsFiles: boolean
  /**
   * Whether a run that was under way upstream when the server stopped can be followed on, by what
   * the upstream called it. One that can is never run again unseen: `run` is given its `remote`.
   */
  readonly resumes: boolean
  /**
   * Every model it knows of, in the order they are to be listed. Broken ones are among them; those
   * that are still being read are not.
   */
  models(): Promise<readonly Model[]>
  /**
   * One model by name; null when it has none of that name. With the id of a `version`, as of that
   * one where it can still be run; else as it is now.
   */
  find(ref: ModelRef, version?: string): Promise<Model | null>
  /** How many models it has not read yet, so that it knows neither what they are nor their names. */
  reading?(): number
  /** Resolves when those have been read. */
  allRead?(): Promise<void>
  /**
   * Looks for what an operator wants to add by a name or an address; null when that is nothing of
   * its kind. Never throws.
   */
  probe(text: string): Promise<Probed | null>
  /** Whether it can run models, for its operator. Never throws. */
  state(): Promise<ProviderState>
  /** Whether the next run starts at once. */
  warmth(ref: ModelRef): Warmth
  /** What else there is to say of its state; `nothingToNote` for most. Answers at once. */
  health(ref: ModelRef): ModelHealth
  /** A file that belongs to a model itself: its cover, or a file of its examples. */
  asset(ref: ModelRef, name: string): Promise<ModelAsset | null>
  /**
   * Runs a prediction and reports what happens, in order. What the run needs to know comes with
   * it; expected trouble is a `failed` occurrence with a sentence for a person, and its raw cause
   * goes to the logs. When `run.signal` aborts, the work is stopped for real before this returns.
   * The next occurrence is asked for only once the last is safe, so a provider can hold back a
   * model that makes more than we can take. Throws only on a fault of its own.
   */
  run(run: Run): AsyncIterable<Occurrence>
  /** Takes what an upstream reports by itself of a run under way: a call to its `callbackUrl`. */
  receive(id: string, callback: Callback): Promise<Received>
  /** Stops everything it started. Runs under way end without a result. */
  close(): Promise<void>
}

/** By which an upstream can reach us while a run is under way. */
export interface CallbackRoute {
  /** Where it can report what happens. */
  readonly callbackUrl: string
  /** Where it can fetch one of the run's files. */
  fileUrl(file: StoredFile): string | null
}

export interface Run {
  /** Of the prediction. */
  readonly id: string
  /** From 1. */
  readonly attempt: number
  /** What the upstream called this attempt before the server was started again; as in predictions. */
  readonly remote: string | null
  /** How much of this attempt is saved already: chunks of output, and UTF-16 units of logs. */
  readonly known: { readonly chunks: number; readonly logs: number }
  readonly version: Version
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  /** Aborts with the reason: `stopped` when the server stops, and what resumes may go on upstream. */
  readonly signal: AbortSignal
  /** When it is ended if it still runs, in milliseconds since 1970. */
  readonly deadline: number
  /** Where an upstream can report what happens to this attempt; null when none can reach us. */
  readonly callbackUrl: string | null
  /** Where an upstream can fetch one of `files` while this attempt runs; null when none can reach us. */
  fileUrl(file: StoredFile): string | null
  /** The same at an address that is good on this machine alone; null or left out when there is none. */
  readonly localRoute?: CallbackRoute | null
  /**
   * Runs another model for this run, as a prediction of its own that ends with it, and resolves
   * with what it made.
   */
  runModel(call: ModelCall): Promise<ModelCalled>
  /** Copies a stored file to a path on this machine. */
  copyFile(file: StoredFile, path: string): Promise<void>
  /** Keeps a file that the run made; `ref` when the output already refers to it by one. */
  keepFile(content: AsyncIterable<Uint8Array>, name: string, ref?: string): Promise<StoredFile>
}

/** What was found where an operator looked, or a sentence that says why nothing was. */
export type Probed =
  | {
      readonly model: Model
      /** The name to offer for it here. */
      readonly offeredName: ModelRef
      /** Why it can have no other name here, as a sentence; null when it can. */
      readonly keepsName: string | null
      /** What to keep of it, so that it runs there. */
      readonly source: ModelSource
      /** What to keep to run one of `versions`; left out when there is none to choose. */
      readonly sourceOf?: (version: string) => ModelSource
      /** The newest first; empty when there is but one. */
      readonly versions: readonly { readonly id: string; readonly createdAt: number }[]
      readonly warmth: Warmth
      readonly health: ModelHealth
    }
  | { readonly model: null; readonly sentence: string }

export interface ProviderState {
  /** `off`: it was not set up. `trouble`: it was, and does not work. */
  readonly kind: 'works' | 'off' | 'trouble'
  /** One sentence: how it is, and what to do. */
  readonly sentence: string
}

export interface ModelAsset {
  readonly name: string
  readonly content: ReadableStream<Uint8Array>
}

/** What a model asks of another. */
export interface ModelCall {
  /** `owner/name`. */
  readonly model: string
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
}

/** What the other model made, with the stored files it refers to; or in one sentence why nothing. */
export type ModelCalled =
  | {
      readonly ok: true
      readonly output: Json
      readonly files: readonly StoredFile[]
      /** The file among them that holds an output too large to be handed over: JSON, or a text. */
      readonly whole: StoredFile | null
    }
  | { readonly ok: false; readonly error: string }

/** What an upstream posted. */
export interface Callback {
  readonly headers: Headers
  /** As it came: signatures are made over these very bytes. */
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * What became of a callback: taken (a repeated one too), of no run that it knows, not to be
 * understood, signed wrongly, signed too long ago, or not to be checked now: it may come again.
 */
export type Received = 'taken' | 'unknown' | 'malformed' | 'forged' | 'stale' | 'unchecked'
