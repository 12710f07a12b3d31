import { isSettled, outputLength, type Prediction, type Status } from './prediction.ts'

/** A status in the API: Replicate's clients poll forever when it is `aborted`. */
export function apiStatus(status: Status): Status {
  return status === 'aborted' ? 'canceled' : status
}

/** The answer to a request that waited too long: clients take any other for the complete prediction. */
export const notReady: Status = 'starting'

/** Whether the output is complete. A run may go on after it has produced its only value. */
export function hasAllOutput(prediction: Prediction): boolean {
  return isSettled(prediction) || (!prediction.iterates && outputLength(prediction) > 0)
}

/** How a stream of events ends. */
export interface StreamEnd {
  /** A sentence; null when nothing went wrong. */
  readonly error: string | null
  /** The data of `done`: empty after success. */
  readonly done: { readonly reason?: 'canceled' | 'error' }
}

/** Null while more may come. */
export function streamEnd({
  status,
  error,
}: Pick<Prediction, 'status' | 'error'>): StreamEnd | null {
  if (!isSettled({ status })) return null
  if (status === 'succeeded') return { error: null, done: {} }
  if (apiStatus(status) === 'canceled') return { error: null, done: { reason: 'canceled' } }
  return { error: error ?? 'It failed.', done: { reason: 'error' } }
}
