import {
  hasEndedInVain,
  hasFailed,
  isSettled,
  type Status,
  statuses,
} from '../prediction/prediction.ts'
import type { GroupCounts, RunGroup } from './group.ts'

/** How far a group is. */
export interface GroupProgress {
  /** Its runs, without those that were deleted. */
  readonly all: number
  /** Those that have ended, whether they made something or not. */
  readonly done: number
  /** Those that ended with an error, or could not be made. */
  readonly failed: number
  /** Predictions that can be run again, since they did not succeed. */
  readonly again: number
  /** Those that run. */
  readonly running: number
  /** Predictions that have not ended. */
  readonly unsettled: number
  /** Those that are still to be started. */
  readonly planned: number
}

export function progressOf(
  { size }: Pick<RunGroup, 'size'>,
  { made, refused, ...counts }: GroupCounts,
): GroupProgress {
  const sum = (counts: (status: Status) => boolean) =>
    statuses.filter(counts).reduce((total, status) => total + (made[status] ?? 0), 0)
  const settled = sum((status) => isSettled({ status }))
  const unsettled = sum((status) => !isSettled({ status }))
  // A run that was just made is planned, too, until its plan is removed.
  const planned = Math.min(counts.planned, Math.max(0, size - settled - unsettled - refused))
  return {
    all: settled + unsettled + planned + refused,
    done: settled + refused,
    failed: sum((status) => hasFailed({ status })) + refused,
    again: sum((status) => hasEndedInVain({ status })),
    running: made.processing ?? 0,
    unsettled,
    planned,
  }
}

/** Whether nothing of it changes any more, unless somebody goes on with the rest. */
export function isOver({ stopped }: Pick<RunGroup, 'stopped'>, progress: GroupProgress): boolean {
  return progress.unsettled === 0 && (progress.planned === 0 || stopped !== null)
}

/** The status of the whole, in the words of one prediction. */
export function groupStatus(group: Pick<RunGroup, 'stopped'>, progress: GroupProgress): Status {
  if (!isOver(group, progress))
    return progress.done + progress.running > 0 ? 'processing' : 'starting'
  if (progress.planned > 0) return 'canceled'
  return progress.failed > 0 && progress.failed === progress.all ? 'failed' : 'succeeded'
}

/**
 * How long its runs still take, in milliseconds, when one takes `typicalMs`; null when that is not known, or while
 * none runs.
 */
export function leftMs(
  { running, unsettled, planned }: GroupProgress,
  typicalMs: number | null,
): number | null {
  if (typicalMs === null || running === 0) return null
  return Math.ceil((unsettled + planned) / running) * typicalMs
}
