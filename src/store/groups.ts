import type { GroupCounts, GroupMember, Plan, PlannedRun, RunGroup } from '../domain/group/group.ts'
import type { IdempotencyKey } from './store.ts'

/** A part of the places of a group: from `from` on, at most `limit`. */
export interface PlaceRange {
  readonly from: number
  readonly limit: number
}

/** A run that is planned again, in place of a prediction. */
export interface PlannedAgain extends PlannedRun {
  /** The id of the prediction. */
  readonly replaces: string
}

/** Groups of runs, and the runs that are planned in them. */
export interface GroupStore {
  /**
   * Keeps a new group. Nothing of it is run before `openGroup`. Resolves with the earlier group instead when the
   * same person made one with the same key since then: a double click makes one group.
   */
  addGroup(group: RunGroup, pressed: IdempotencyKey | null): Promise<RunGroup>
  /** Adds runs to the plan of a group that is not open yet. Their files are kept as long as the group. */
  planRuns(group: RunGroup, runs: readonly PlannedRun[]): Promise<void>
  /**
   * Adds runs to the plan of an open group, each in place of a prediction that has this place: it stays in the group,
   * without a place. Resolves with the places at which that was so.
   */
  planAgain(group: RunGroup, runs: readonly PlannedAgain[], at: number): Promise<readonly number[]>
  /** Makes one of its predictions stand for it in lists, unless one does. False when it has none. */
  keepListed(group: string): Promise<boolean>
  /** Its plan is complete: its runs may be started. */
  openGroup(group: string): Promise<void>
  findGroup(id: string): Promise<RunGroup | null>
  /** Those of these groups that there are, by id. */
  groupsAmong(ids: readonly string[]): Promise<ReadonlyMap<string, RunGroup>>
  /** The groups with runs that are still to be started, oldest first. */
  openGroups(): Promise<readonly string[]>
  /** Removes groups whose plans were never completed, from before a moment. */
  dropUnopened(before: number): Promise<void>
  /** The first runs that are still to be started, from a place on. */
  nextPlanned(group: string, range: PlaceRange): Promise<readonly PlannedRun[]>
  /** What is planned at some places, and what was refused, in order. */
  plansOf(group: string, range: PlaceRange): Promise<readonly Plan[]>
  /** Takes a run from the plan: it became a prediction, or, with a `problem`, it became none. */
  settlePlan(group: string, place: number, problem: string | null): Promise<void>
  /** No more runs of it are started until it is stopped no longer (null). False when there is no such group. */
  stopGroup(group: string, reason: string | null): Promise<boolean>
  renameGroup(group: string, title: string): Promise<boolean>
  /** Its predictions at some places, in order: of each place the newest. */
  membersOf(group: string, range: PlaceRange): Promise<readonly GroupMember[]>
  /** The prediction at a place; null when there is none. */
  memberAt(group: string, place: number): Promise<string | null>
  /** By the ids of groups. Counts nothing for one that there is not. */
  countsOf(groups: readonly string[]): Promise<ReadonlyMap<string, GroupCounts>>
  /** A number that is another one after any change of its predictions. */
  changesIn(group: string): Promise<number>
  /**
   * Whether this server is to start the runs of a group until a moment, by its clock: false while another
   * is, whose time is not over.
   */
  claimGroup(group: string, by: string, now: number, until: number): Promise<boolean>
  /** Removes a group and what is planned; its predictions stay, and belong to no group any more. */
  removeGroup(group: string, at: number): Promise<boolean>
}
