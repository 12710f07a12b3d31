import type { Prediction } from './prediction.ts'

/** The person among whose running predictions this one counts; null when it counts for nobody. */
export function countedPerson({
  parent,
  createdBy,
}: Pick<Prediction, 'parent' | 'createdBy'>): string | null {
  // A run waits for those that it started: they must not wait for it.
  return parent === null ? createdBy : null
}
