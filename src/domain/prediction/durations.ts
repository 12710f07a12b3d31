import type { Prediction } from './prediction.ts'

type Times = Pick<Prediction, 'createdAt' | 'startedAt' | 'completedAt'>

/**
 * Milliseconds from when it was created until the model began on it, or until it ended without
 * that: the time in the queue and of the boot and, after a restart, of the attempts before the
 * last. Null while it waits.
 */
export function waitedMs({ createdAt, startedAt, completedAt }: Times): number | null {
  return between(createdAt, startedAt ?? completedAt)
}

/**
 * Milliseconds that the model worked on it, in the last attempt: from its start until it settled.
 * Null while it runs, and when it never began. Where one duration stands alone, it is this one.
 */
export function ranMs({ startedAt, completedAt }: Omit<Times, 'createdAt'>): number | null {
  return startedAt === null ? null : between(startedAt, completedAt)
}

/** Milliseconds from when it was created until it settled: waited and ran. Null until then. */
export function tookMs({ createdAt, completedAt }: Omit<Times, 'startedAt'>): number | null {
  return between(createdAt, completedAt)
}

/** None where the clock was set back in between. */
function between(from: number, to: number | null): number | null {
  return to === null ? null : Math.max(0, to - from)
}
