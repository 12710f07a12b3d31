import type { ModelRef } from '../domain/model-ref.ts'
import type { KeptKind, WithData } from '../domain/prediction/retention.ts'
import type { PredictionFilter } from './store.ts'

/** The data of predictions that are kept without it. */
export interface RetentionStore {
  /**
   * One batch of at most `limit` predictions that still have their data and were created before this
   * moment, oldest first, without sub-runs: those go with their parent. `after` is the `next` of the
   * batch before it.
   */
  withData(
    before: number,
    limit: number,
    after: string | null,
  ): Promise<{ readonly predictions: readonly WithData[]; readonly next: string | null }>
  /**
   * Removes the inputs, outputs, logs, files and searched words of settled predictions and their
   * sub-runs, but for those that are of a kept kind. Resolves with the ids of all that changed.
   */
  removeData(
    predictions: readonly string[],
    keep: readonly KeptKind[],
    at: number,
  ): Promise<readonly string[]>
}

/** A deletion of many predictions, which goes on after a crash until all are gone. */
export interface Removal {
  readonly id: string
  /** The predictions that go. */
  readonly filter: PredictionFilter
  /** Account whose uploads of the API go, too; null for none. */
  readonly uploadsOf: string | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** A reference to a file, with what it belongs to. */
export interface FileSize {
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** Null for a file that no prediction has. */
  readonly model: ModelRef | null
  /** Account of who made its prediction, or uploaded it; null when that is not known. */
  readonly account: string | null
}

/** The newest predictions that somebody made, counted up to a limit, and the files of these. */
export interface MadeBy {
  readonly predictions: number
  readonly files: number
  /** A content that several files have counts for each. */
  readonly bytes: number
}

/** Deletions of many predictions, and what files take. */
export interface RemovalStore {
  /** Keeps a deletion before it begins. False when there is one with this id. */
  addRemoval(removal: Removal): Promise<boolean>
  /** The deletions that have not ended, oldest first. */
  removals(): Promise<readonly Removal[]>
  endRemoval(id: string): Promise<void>
  /** Counts at most `limit` of the predictions that an account made, sub-runs too. */
  madeBy(createdBy: string, limit: number): Promise<MadeBy>
  /** One batch of at most `limit` references to files; `after` is the `next` of the batch before it. */
  fileSizes(
    limit: number,
    after: string | null,
  ): Promise<{ readonly files: readonly FileSize[]; readonly next: string | null }>
}
