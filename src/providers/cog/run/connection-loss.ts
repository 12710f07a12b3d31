import type { Occurrence } from '../../../domain/prediction/event.ts'
import { requestCancel } from './cancel.ts'
import type { FollowEnd, FollowOptions } from './follow.ts'
import type { LossReason } from './watchdog.ts'

/**
 * Decides what to do without a connection to the run: `why` it was cut, or undefined when it was that
 * of an earlier server process. Returns null to keep following where webhooks report the end or a
 * coglet can be polled. Elsewhere the answer is lost, so the container is told to stop.
 */
export async function* afterDisconnect(
  options: FollowOptions,
  why?: string,
): AsyncGenerator<Occurrence, FollowEnd | null> {
  if (options.postsEnd) return null
  const health = await options.container.checkHealth()
  if (why === undefined) {
    if (health.coglet) return null
    yield { type: 'progressed', progress: { label: 'Waiting for the interrupted run to end' } }
    await requestCancel(options)
    return null
  }
  await requestCancel(options)
  const isGone = health.condition === 'unreachable'
  const error = isGone
    ? `Its container stopped during this run: ${health.reason}.`
    : `The response of its container was lost: ${why}.`
  yield { type: 'failed', error }
  return 'ended'
}

/** The server stops: a run that cannot be followed on later is stopped, for another attempt. */
export async function detach(options: FollowOptions): Promise<FollowEnd> {
  const canFollowOn = options.postsEnd && !options.container.health()?.coglet
  if (!canFollowOn) await requestCancel(options)
  return 'detached'
}

/** Ends a run that its container no longer works on, and whose answer will not come. */
export async function* reportLoss(
  loss: LossReason,
  options: FollowOptions,
): AsyncGenerator<Occurrence, FollowEnd> {
  const { run, container, reporter, connection } = options
  const { reason = null } = container.health() ?? {}
  // A run that an earlier server process sent may run again.
  if (run.remote !== null && loss !== 'gone') {
    await requestCancel(options)
    yield { type: 'interrupted', rerun: true }
    return 'ended'
  }
  yield* reporter.note(`${container.origin}: ${loss}${reason === null ? '' : `, ${reason}`}`)
  connection.open = false
  yield { type: 'failed', error: lossSentences[loss] }
  return 'ended'
}

const lossSentences: Readonly<Record<LossReason, string>> = {
  restarted: 'Its container was restarted during this run.',
  idle: 'Its container finished this run, but the response never arrived.',
  gone: 'Its container can no longer be reached.',
  refused: 'Its container stopped during this run: the connection was refused.',
}

/** An error with its cause, for the logs. */
export function rawError({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message
  const code = 'code' in cause && cause.code !== undefined ? `, ${cause.code}` : ''
  return `${message} (${cause.message}${code})`
}
