import type { Occurrence } from '../../../domain/prediction/event.ts'
import { noRouteSentence } from './callback-routes.ts'
import { requestCancel } from './cancel.ts'
import type { ContainerPrediction } from './container-prediction.ts'
import type { FollowEnd, FollowOptions } from './follow.ts'

/** A container that is busy for so many health checks and has posted nothing will post nothing. */
export const maxSilentChecks = 2

/** Says on the running panel what to set when nothing is shown of a run before its end. */
export function* noteNoUpdates(
  busyChecks: number,
  { route, container, run }: FollowOptions,
): Generator<Occurrence> {
  // A coglet can be polled for the run's progress.
  if (busyChecks !== maxSilentChecks || run.remote !== null || container.health()?.coglet) return
  if (route?.kind === 'local') container.setReachesUs('local', false)
  yield {
    type: 'progressed',
    progress: { label: `Its container works on this. ${noRouteSentence}` },
  }
}

/** Stops a run whose end would only be posted by a container that cannot post, and sends it again. */
export async function* retryWithoutCallbacks(
  options: FollowOptions,
): AsyncGenerator<Occurrence, FollowEnd> {
  const { route, container, reporter } = options
  if (route) container.setReachesUs(route.kind, false)
  yield* reporter.note(
    `The container cannot reach ${route?.callbackUrl ?? 'this server'}: it is asked anew.`,
  )
  await requestCancel(options)
  return 'refused'
}

/**
 * Stops asking a container for webhooks when a run ended and none arrived: it retries each last
 * webhook for minutes, and answers only then. A coglet posts beside its work, so a quick run of a
 * coglet proves nothing.
 */
export function* noteNoCallbacks(
  tookMs: number,
  { route, container, reporter }: FollowOptions,
): Generator<Occurrence> {
  if (!route || (container.health()?.coglet && tookMs < slowRunMs)) return
  container.setReachesUs(route.kind, false)
  if (route.kind === 'configured')
    yield* reporter.note(
      'The container cannot reach SANDPIT_CALLBACK_URL, so what it makes is not shown as it is made.',
    )
}

const slowRunMs = 2_000

/**
 * Whether a run failed because the container could not fetch its input files from us. The model did
 * not run then, and the next request holds the files as data.
 */
export function couldNotFetch(
  prediction: ContainerPrediction,
  { route, container, run }: FollowOptions,
): boolean {
  if (route?.kind !== 'configured' || prediction.outcome !== 'failure' || run.files.length === 0)
    return false
  const { host } = new URL(route.callbackUrl)
  const isNetworkError =
    prediction.error.includes(host) ||
    /urlopen error|connection refused|name or service not known|max retries|error sending request/i.test(
      prediction.error,
    )
  if (isNetworkError) container.setReachesUs('configured', false)
  return isNetworkError
}
