import type { InstanceFailure } from './state.ts'

/** How long the next instance is not started after failures in a row, in milliseconds. */
const pausesMs = [1_000, 5_000, 30_000, 2 * 60_000, 10 * 60_000] as const

/** So many failures in so many milliseconds, and those that wait fail instead of waiting on. */
const mostFailures = 3
const withinMs = 10 * 60_000

/** The failures of instances of one kind since the last one that became ready. */
export interface Failures {
  readonly inARow: number
  /** The last of them, the latest first. */
  readonly recent: readonly InstanceFailure[]
}

export const noFailures: Failures = { inARow: 0, recent: [] }

export function withFailure(
  before: Failures,
  failed: Omit<InstanceFailure, 'notBefore'>,
): Failures {
  const inARow = before.inARow + 1
  const pauseMs = pausesMs[Math.min(inARow, pausesMs.length) - 1] ?? 0
  const failure = { ...failed, notBefore: failed.at + pauseMs }
  return { inARow, recent: [failure, ...before.recent].slice(0, mostFailures) }
}

/** Before when the next instance is not started, in milliseconds since 1970. */
export function notBefore({ recent }: Pick<Failures, 'recent'>): number {
  return recent[0]?.notBefore ?? 0
}

/** Whether they keep failing, so that nobody is to wait for one. */
export function isFailing(failures: Pick<Failures, 'recent'>, now: number): boolean {
  return now <= failingUntil(failures)
}

/** Before when no run has an instance started, in milliseconds since 1970: those that wait fail meanwhile. */
export function notBeforeForRuns(failures: Pick<Failures, 'recent'>): number {
  return Math.max(notBefore(failures), failingUntil(failures))
}

function failingUntil({ recent }: Pick<Failures, 'recent'>): number {
  const oldest = recent[mostFailures - 1]
  return oldest ? oldest.at + withinMs : 0
}
