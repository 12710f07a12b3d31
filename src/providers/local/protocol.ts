import type { StoredFile } from '../../domain/file/file.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import type { Progress } from '../../domain/prediction/prediction.ts'

/** What the server tells a copy. */
export type ToCopy =
  /** Import the model and say what it is. */
  | { readonly type: 'describe'; readonly path: string }
  /** Import the model and set it up. */
  | { readonly type: 'load'; readonly path: string }
  /** Run once. `input` is JSON text; `folder` is the run's own, for files in both directions. */
  | {
      readonly type: 'run'
      readonly input: string
      readonly folder: string
      readonly files: readonly CopiedFile[]
    }
  /** The last batch is safe: make the next. */
  | { readonly type: 'ack' }
  | { readonly type: 'cancel' }
  /** What came of a call. */
  | { readonly type: 'called'; readonly call: number; readonly called: CallResult }

/** What a copy tells the server. */
export type FromCopy =
  | { readonly type: 'described'; readonly description: Description }
  | { readonly type: 'ready' }
  | Batch
  /** The model asks another: `input` is JSON text of an object, `call` counts from 0 in each run. */
  | {
      readonly type: 'call'
      readonly call: number
      readonly model: string
      readonly input: string
      readonly made: readonly MadeFile[]
    }
  /** The run is over; `rest` is what it made since the last batch. */
  | { readonly type: 'done'; readonly rest: Batch | null }
  /** `reusable`: the run failed, and the copy is none the worse for it. */
  | {
      readonly type: 'failed'
      readonly error: string
      readonly detail: string
      readonly reusable: boolean
    }

/** What another model made, as JSON text and the files it refers to; or why it made nothing. */
export type CallResult =
  | {
      readonly ok: true
      readonly output: string
      readonly files: readonly CopiedFile[]
      /** Where an output is that is too large for a message; `output` is nothing then. */
      readonly whole: CopiedFile | null
    }
  | { readonly ok: false; readonly error: string }

/** What a run has made since the last batch. */
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

/** An output that waits at `path`, written as it is kept. */
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

/** A file that the output refers to by `ref`, waiting at `path`. */
export interface MadeFile {
  readonly ref: string
  readonly name: string
  readonly path: string
}

/** What a `model.ts` says of its model. */
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
