import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import { tellToStop } from './cancel.ts'
import type { End, ListenOptions } from './follow.ts'
import type { Loss } from './watchdog.ts'

/**
 * The connection is gone, or was another server's. Waits on where webhooks will tell how it ends,
 * or a coglet can be asked. Otherwise the answer is lost, and what works for it may as well stop.
 */
export async function* adrift(
  options: ListenOptions,
  why?: string,
): AsyncGenerator<Occurrence, End | null> {
  const { container } = options
  if (options.reports) return null
  const health = await container.look()
  if (why === undefined) {
    if (health.coglet) return null
    yield { type: 'progressed', progress: { label: 'Waiting for the interrupted run to end' } }
    await tellToStop(options)
    return null
  }
  await tellToStop(options)
  const gone = health.condition === 'unreachable'
  const error = gone
    ? `Its container stopped during this run: ${health.reason}.`
    : `The response of its container was lost: ${why}.`
  yield { type: 'failed', error }
  return 'over'
}

/** The server stops: what can be followed on later goes on, what cannot is stopped for another attempt. */
export async function leave(options: ListenOptions): Promise<End> {
  const { reports, container } = options
  const useAsInput = reports && !container.health()?.coglet
  if (!useAsInput) await tellToStop(options)
  return 'left'
}

/** The container does not work on it any more, and its answer will not come. */
export async function* lost(loss: Loss, options: ListenOptions): AsyncGenerator<Occurrence, End> {
  const { run, container, tally, connection } = options
  const { reason = null } = container.health() ?? {}
  // What was asked by an earlier server process, and can have no answer any more, may run again.
  if (run.remote !== null && loss !== 'gone') {
    await tellToStop(options)
    yield { type: 'interrupted', rerun: true }
    return 'over'
  }
  yield* tally.noted(`${container.origin}: ${loss}${reason === null ? '' : `, ${reason}`}`)
  connection.open = false
  yield { type: 'failed', error: lossSentences[loss] }
  return 'over'
}

const lossSentences: Readonly<Record<Loss, string>> = {
  restarted: 'Its container was restarted during this run.',
  idle: 'Its container finished this run, but the response never arrived.',
  gone: 'Its container can no longer be reached.',
  refused: 'Its container stopped during this run: the connection was refused.',
}

/** What happened to a connection, for the logs. */
export function rawOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message
  const { code } = cause as { code?: string }
  return `${message} (${cause.message}${code === undefined ? '' : `, ${code}`})`
}
