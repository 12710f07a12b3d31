/** Replicate's six statuses and no others. */
export const statuses = [
  'starting',
  'processing',
  'succeeded',
  'failed',
  'canceled',
  'aborted',
] as const
export type Status = (typeof statuses)[number]

/** The statuses that can follow each. None follows a settled one. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  starting: ['processing', 'succeeded', 'failed', 'canceled', 'aborted'],
  processing: ['starting', 'succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
  aborted: [],
}

export function isSettled(prediction: { readonly status: Status }): boolean {
  return transitions[prediction.status].length === 0
}

/** Whether it waits in a queue or for its model to boot. */
export function isWaiting(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'starting'
}

export function hasFailed(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'failed' || prediction.status === 'aborted'
}

export function hasSucceeded(prediction: { readonly status: Status }): boolean {
  return prediction.status === 'succeeded'
}

/** The four groups that people look for: everything unsettled is one, and an aborted run failed. */
export function statusGroup(status: Status): 'running' | 'succeeded' | 'failed' | 'canceled' {
  if (!isSettled({ status })) return 'running'
  if (hasFailed({ status })) return 'failed'
  return status === 'succeeded' ? 'succeeded' : 'canceled'
}
