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

export function withFailure({ inARow, recent }: Failures, failure: InstanceFailure): Failures {
  return { inARow: inARow + 1, recent: [failure, ...recent].slice(0, mostFailures) }
}

/** Before when the next instance is not started, in milliseconds since 1970. */
export function notBefore({ inARow, recent }: Failures): number {
  const [last] = recent
  if (!last) return 0
  return last.at + (pausesMs[Math.min(inARow, pausesMs.length) - 1] ?? 0)
}

/** Whether they keep failing, so that nobody is to wait for one. */
export function isFailing({ inARow, recent }: Failures, now: number): boolean {
  const oldest = recent.at(-1)
  return inARow >= mostFailures && oldest !== undefined && now - oldest.at <= withinMs
}
