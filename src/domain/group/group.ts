import type { StoredFile } from '../file/file.ts'
import type { Json, JsonObject } from '../json/json.ts'
import type { ModelRef } from '../model-ref.ts'
import type { GroupPlace, Prediction, Status } from '../prediction/prediction.ts'
import type { PredictionSummary } from '../prediction/prediction-list.ts'

/**
 * Runs that were asked for together. Each is an ordinary prediction, whose `group` names the group and its place in
 * it; how far the group is follows from them, and from the runs that are still planned.
 */
export interface RunGroup {
  /** 26 characters of lower-case base32. */
  readonly id: string
  /** `compare`: models side by side. `sweep`: a model with several values. `batch`: the rows of a file. */
  readonly kind: 'compare' | 'sweep' | 'batch'
  /** A line for people: the name of a file, the models, or the inputs that vary. */
  readonly title: string
  /**
   * The inputs of a sweep that vary, one or two: the places of its runs count the values of the last one first.
   * Empty for other groups.
   */
  readonly axes: readonly Axis[]
  /** The models, each once. Those of `compare` are in the order of the places. */
  readonly models: readonly ModelRef[]
  /** How many runs were planned. */
  readonly size: number
  /** Why no more of them are started, as a sentence; null while they are. */
  readonly stopped: string | null
  readonly source: Prediction['source']
  readonly createdBy: string
  readonly account: string
  /** That of its predictions when they were made. */
  readonly visibility: Prediction['visibility']
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface Axis {
  /** The name of the input. */
  readonly input: string
  readonly values: readonly Json[]
}

/** A run of a group that is not a prediction yet. */
export interface PlannedRun {
  readonly place: number
  readonly model: ModelRef
  /** Id of the version that is to run. */
  readonly version: string
  /** Without its secrets. */
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  /** The sealed secrets of `input`; null when it has none. */
  readonly sealed: string | null
  /** Why it became no prediction, as a sentence; null while it may. */
  readonly problem: string | null
}

/** A planned run as pages show it. */
export interface Plan extends Pick<PlannedRun, 'place' | 'model' | 'problem'> {
  /** Its inputs in one line. */
  readonly summary: string
}

/** A prediction at a place of a group, in a list. */
export type GroupMember = PredictionSummary & {
  readonly group: GroupPlace & { readonly place: number }
}

/** How many runs of a group stand how. Those that were deleted are in none of them. */
export interface GroupCounts {
  /** Its predictions, by status. */
  readonly made: Readonly<Partial<Record<Status, number>>>
  /** Runs that are still to be started. */
  readonly planned: number
  /** Runs that became no predictions. */
  readonly refused: number
}

/** The counts of a group without runs. */
export const noRuns: GroupCounts = { made: {}, planned: 0, refused: 0 }
