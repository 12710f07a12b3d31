import type { StoredFile } from '../../domain/file/file.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import type { Progress } from '../../domain/prediction/prediction.ts'

/** A message from the server to a copy. */
export type ToCopy =
  /** Import the model and describe it: one model after the other. */
  | { readonly type: 'describe'; readonly path: string }
  /**
   * Import the model and set it up. `home`: the folder that the model is in now, when `path` is the kept
   * source of an earlier version; else null.
   */
  | { readonly type: 'load'; readonly path: string; readonly home: string | null }
  /**
   * Run once. `input` is JSON text; when it is too long for a message, it is empty, and the text in
   * `inputFile`. `folder` is the run's own, for files in both directions.
   */
  | {
      readonly type: 'run'
      readonly input: string
      readonly inputFile: string | null
      readonly folder: string
      readonly files: readonly CopiedFile[]
    }
  /** The last batch is saved: the next may be sent. */
  | { readonly type: 'ack' }
  | { readonly type: 'cancel' }
  /** The result of a call. */
  | { readonly type: 'called'; readonly call: number; readonly called: CallResult }

/** A message from a copy to the server. */
export type FromCopy =
  /** The import of a model that is to be described begins. */
  | { readonly type: 'importing' }
  | { readonly type: 'described'; readonly description: Description }
  | { readonly type: 'ready' }
  | Batch
  /** Runs another model. `input` is JSON text of an object; `call` counts from 0 in each run. */
  | {
      readonly type: 'call'
      readonly call: number
      readonly model: string
      readonly input: string
      readonly made: readonly MadeFile[]
    }
  /** The run succeeded; `rest` is its last batch. */
  | { readonly type: 'done'; readonly rest: Batch | null }
  /** The run failed. `reusable`: the copy can run another. */
  | {
      readonly type: 'failed'
      readonly error: string
      readonly detail: string
      readonly reusable: boolean
    }

/** The output of another model as JSON text with the files it refers to, or its error. */
export type CallResult =
  | {
      readonly ok: true
      readonly output: string
      readonly files: readonly CopiedFile[]
      /** The file of an output that is too large for a message; `output` is empty then. */
      readonly whole: CopiedFile | null
    }
  | { readonly ok: false; readonly error: string }

/** The output, logs and progress of a run since the last batch. */
export interface Batch {
  readonly type: 'batch'
  /** JSON text of the list of new output items; empty when there are none. */
  readonly chunks: string
  /** The output, when it is too large for a message. */
  readonly whole?: SpilledOutput
  readonly made: readonly MadeFile[]
  readonly logs: string
  readonly progress?: Progress
}

/** A large output in a file at `path`, in the format in which it is stored. */
export interface SpilledOutput {
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** JSON text of its excerpt. */
  readonly excerpt: string
}

export interface CopiedFile {
  readonly file: StoredFile
  readonly path: string
}

/** A file at `path` that the output refers to by `ref`. */
export interface MadeFile {
  readonly ref: string
  readonly name: string
  readonly path: string
}

/** The definition in a `model.ts`, without its functions. */
export interface Description {
  readonly name: string
  readonly description: string
  readonly schemas: JsonObject
  readonly copies: number
  readonly timeoutMs: number | null
  readonly memoryMb: number
  readonly rerun: boolean
  readonly env: readonly string[]
}
