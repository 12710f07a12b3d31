import type { Occurrence } from '../../../domain/prediction/event.ts'
import { isSettled } from '../../../domain/prediction/prediction.ts'
import { sleep } from '../../../sleep.ts'
import type { Run } from '../../provider.ts'
import { retry } from '../retry.ts'
import { UpstreamError } from '../upstream-error.ts'
import { createAtReplicate, recoverId } from './create.ts'
import { followAtReplicate } from './follow.ts'
import type { LiveRun, RunParts } from './remote-run.ts'
import { createReplicateReporter } from './reporter.ts'

/**
 * Runs a prediction at the service, or follows one that is in progress there. A run that ends here
 * is canceled there too, unless the server stops: then it continues, and is followed on later.
 */
export async function* runAtReplicate(
  run: Run,
  live: LiveRun,
  parts: RunParts,
): AsyncGenerator<Occurrence> {
  const signal = AbortSignal.any([run.signal, parts.closing])
  const reporter = createReplicateReporter(run, parts.client.service, {
    ...parts,
    responses: live.responses,
    signal,
    retryMs: parts.limits.pollMs,
    budgetMs: parts.limits.copyMs,
  })
  const remoteRun = { run, live, reporter, signal, parts }
  let over = false
  try {
    if (run.remote === null) yield* createAtReplicate(remoteRun)
    else if (run.remote === '') yield* recoverId(remoteRun)
    over =
      live.remote === '' || (yield* followAtReplicate(remoteRun)) || signal.reason === 'stopped'
    if (over) return
    over = true
    if (!(await cancel(live, parts)))
      yield* reporter.note(
        `${parts.client.service} could not be asked to cancel: it may still be running there.`,
      )
  } finally {
    // The run's reader stopped early.
    if (!over && live.remote !== '') await cancel(live, parts)
  }
}

/** Cancels a run at the service, and waits until it has ended; false when it does not in time. */
async function cancel(
  { remote, responses }: LiveRun,
  { client, limits, now }: RunParts,
): Promise<boolean> {
  const { signal } = new AbortController()
  const until = now() + limits.cancelMs
  const { pollMs: firstMs, mostPollMs: mostMs } = limits
  const retried = async <T>(request: () => Promise<T>) =>
    retry(request, { signal, forMs: until - now(), firstMs, mostMs, now })
  try {
    // The service may refuse to cancel a run that has just ended.
    await retried(() => client.post(`predictions/${remote}/cancel`, {})).catch(() => {})
    for (;;) {
      const upstream = await retried(() => client.getPrediction(remote, responses))
      if (isSettled(upstream)) return true
      if (now() > until) return false
      await sleep(firstMs, signal)
    }
  } catch (error) {
    return error instanceof UpstreamError && error.status === 404
  }
}
