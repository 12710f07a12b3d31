import type { Prediction } from './prediction.ts'

/** Seconds from one moment to another: none where the clock was set back in between. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000
}

/** Seconds the model worked on it; null until it has both begun and ended. */
export function predictTime(
  prediction: Pick<Prediction, 'startedAt' | 'completedAt'>,
): number | null {
  const { startedAt, completedAt } = prediction
  return startedAt === null || completedAt === null ? null : secondsBetween(startedAt, completedAt)
}

/** Seconds it waited before the model began, or until it ended without beginning. */
export function queueTime(prediction: Prediction): number | null {
  const until = prediction.startedAt ?? prediction.completedAt
  return until === null ? null : secondsBetween(prediction.createdAt, until)
}

/** Seconds from when it was asked for until it ended; null until then. */
export function totalTime({
  createdAt,
  completedAt,
}: Pick<Prediction, 'createdAt' | 'completedAt'>): number | null {
  return completedAt === null ? null : secondsBetween(createdAt, completedAt)
}
