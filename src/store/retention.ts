import type { KeptKind, WithData } from '../domain/prediction/retention.ts'

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
