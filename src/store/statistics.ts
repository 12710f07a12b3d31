import type { ModelRef } from '../domain/model-ref.ts'
import type { CountedRun, TimedCounts } from '../domain/statistics/run-counts.ts'

/** So many runs of a model that are counted alike. */
export interface CountedRuns extends CountedRun {
  readonly model: ModelRef
  readonly count: number
}

/** The runs of each model, counted by the hour. */
export interface StatisticsStore {
  /** Adds to the counts. Those of hours before `keptSince`, in milliseconds since 1970, are removed. */
  countRuns(runs: readonly CountedRuns[], keptSince: number): Promise<void>
  /**
   * The runs of a model that ended since a moment, in the order of their times; times without runs are left out.
   *
   * @param stepMs How long each time is: a whole number of hours in milliseconds, counted from 1970.
   */
  endedRuns(model: ModelRef, since: number, stepMs: number): Promise<readonly TimedCounts[]>
}
