import { isSettled, type Occurrence } from '../../domain/prediction/prediction.ts'
import type { Run } from '../provider.ts'
import { heal, place } from './create.ts'
import { follow } from './follow.ts'
import type { LiveRun, RunParts } from './remote-run.ts'
import { createReport } from './reporter.ts'
import { persist } from './retry.ts'
import { createAlarm } from './waker.ts'

/**
 * Runs a prediction at the service, or follows on one that it runs already. When it is to end here
 * it is ended there, too, unless it is our server that stops: then it goes on, and is found again.
 */
export async function* runAtReplicate(
  run: Run,
  live: LiveRun,
  parts: RunParts,
): AsyncGenerator<Occurrence> {
  const signal = AbortSignal.any([run.signal, parts.closing])
  const report = createReport(run, parts.client.service, {
    ...parts,
    answers: live.answers,
    signal,
    againMs: parts.limits.pollMs,
    budgetMs: parts.limits.copyMs,
  })
  const journey = { run, live, report, signal, parts }
  let over = false
  try {
    if (run.remote === null) yield* place(journey)
    else if (run.remote === '') yield* heal(journey)
    over = live.remote === '' || (yield* follow(journey)) || signal.reason === 'stopped'
    if (over) return
    over = true
    if (!(await cancel(live, parts)))
      yield* report.noted(
        `${parts.client.service} could not be asked to cancel: it may still be running there.`,
      )
  } finally {
    // Nobody listens any more.
    if (!over && live.remote !== '') await cancel(live, parts)
  }
}

/** Ends a run at the service, and waits until it says so; false when it does not. */
async function cancel(
  { remote, answers }: LiveRun,
  { client, limits, now }: RunParts,
): Promise<boolean> {
  const { signal } = new AbortController()
  const until = now() + limits.cancelMs
  const { pollMs: firstMs, mostPollMs: mostMs } = limits
  const ask = async <T>(request: () => Promise<T>) => {
    const forMs = until - now()
    return persist(request, { signal, forMs, firstMs, mostMs, now })
  }
  try {
    // What has ended in the meantime may refuse to be ended.
    await ask(() => client.post(`predictions/${remote}/cancel`, {})).catch(() => {})
    for (;;) {
      const upstream = await ask(() => client.getPrediction(remote, answers))
      if (isSettled(upstream)) return true
      if (now() > until) return false
      await createAlarm().wait(firstMs, signal)
    }
  } catch (error) {
    return isGone(error)
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404
}
