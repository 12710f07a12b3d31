import type { StoredFile } from '../file/file.ts'
import type { Prediction } from './prediction.ts'

/** A prediction in a list: without anything that can be long. */
export interface PredictionSummary
  extends Pick<
    Prediction,
    | 'id'
    | 'model'
    | 'version'
    | 'status'
    | 'attempt'
    | 'revision'
    | 'createdAt'
    | 'startedAt'
    | 'completedAt'
    | 'source'
    | 'createdBy'
    | 'account'
    | 'visibility'
    | 'parent'
    | 'group'
  > {
  /** Its inputs in one line. */
  readonly summary: string
  /** The first files that it made. */
  readonly made: readonly StoredFile[]
  /** The beginning of its output in one line; null while it runs, and when there is no text. */
  readonly snippet: string | null
}

/** A part of a list of predictions. */
export interface PredictionList {
  /** Newest first. */
  readonly predictions: readonly PredictionSummary[]
  /** Where the next page begins; null at the end. Opaque. */
  readonly next: string | null
  /**
   * The moment back to which the search went, in milliseconds since 1970, when it ended before the
   * page was full: few match, and the next page goes on from there. Null otherwise.
   */
  readonly searchedBackTo: number | null
}
