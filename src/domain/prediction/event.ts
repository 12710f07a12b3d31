import type { StoredFile } from '../file/file.ts'
import type { Json, JsonObject } from '../json/json.ts'
import type { Excerpt } from '../output/large-output.ts'
import type { Phase, Progress } from './prediction.ts'

/** Something that happened to a prediction, at a time in milliseconds since 1970. */
export type PredictionEvent = Occurrence & { readonly at: number }

export type Occurrence =
  | { readonly type: 'started' }
  /** A phase begins: `saving` once it runs, the others before. */
  | { readonly type: 'entered'; readonly phase: Phase }
  /** Chunks we own: `index` is the position of the first, so a replay changes nothing. */
  | {
      readonly type: 'emitted'
      readonly index: number
      readonly chunks: readonly Json[]
      readonly files?: readonly StoredFile[]
    }
  /** The output is too large to be kept with the prediction; with `ref`, all of it is in that file. */
  | {
      readonly type: 'spilled'
      readonly excerpt: Excerpt
      readonly files: readonly StoredFile[]
    }
  /** Text we own: `offset` in UTF-16 units from the start of the attempt's logs. */
  | { readonly type: 'logged'; readonly offset: number; readonly text: string }
  | { readonly type: 'progressed'; readonly progress: Progress }
  /**
   * A snapshot from a poll or a webhook: taken only if neither part gets shorter. The last one,
   * with which the run ended, is always taken.
   */
  | {
      readonly type: 'observed'
      readonly output: Json
      readonly logs: string
      readonly files?: readonly StoredFile[]
      readonly last?: boolean
    }
  /**
   * An upstream is asked to run it (`remote` empty), has returned the id of the run, or has refused
   * it (null).
   */
  | { readonly type: 'submitted'; readonly remote: string | null }
  /** Figures that an upstream gives; they are added to those it gave before. */
  | { readonly type: 'measured'; readonly metrics: JsonObject }
  | { readonly type: 'succeeded' }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'canceled' }
  /** The deadline passed. */
  | { readonly type: 'expired'; readonly error: string }
  /**
   * The deadline set by the caller passed: a waiting prediction is aborted, a running one canceled.
   */
  | { readonly type: 'overdue'; readonly error: string }
  /** The process that ran it ended. `rerun`: whether it may be run again. */
  | { readonly type: 'interrupted'; readonly rerun: boolean }
