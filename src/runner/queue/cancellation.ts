import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'
import type { Execute } from '../run/executor.ts'
import { overdueSentence } from '../run/run-end.ts'
import type { Scheduler } from './scheduler.ts'

interface CancellationOptions extends Pick<RunnerOptions, 'now'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly execute: Execute
  readonly scheduler: Scheduler
}

/** Why a prediction is ended before its run is over. */
export type EndReason = 'canceled' | 'overdue'

export type Cancellation = ReturnType<typeof createCancellation>

/** Ends predictions, whether they wait, run here or run upstream. */
export function createCancellation({
  now,
  journal,
  catalogue,
  execute,
  scheduler,
}: CancellationOptions) {
  /** Resolves when the prediction is settled and its run has ended. */
  async function end(id: string, reason: EndReason): Promise<void> {
    const prediction = await journal.find(id)
    if (!prediction || isSettled(prediction)) return
    await scheduler.dequeue(prediction)
    await (scheduler.stopRun(id, reason) ?? endWaiting(prediction, reason))
    scheduler.clearDeadline(id)
    await journal.flush(id)
  }

  async function endWaiting(prediction: Prediction, reason: EndReason): Promise<void> {
    if (catalogue.canResume(prediction)) await endUpstream(prediction, reason)
    else await journal.advance(prediction.id, { type: reason, at: now(), error: overdueSentence })
  }

  /** Resumes a run that waits here but goes on upstream, with a signal that is aborted already. */
  async function endUpstream({ id, model: ref }: Prediction, reason: EndReason): Promise<void> {
    const model = await catalogue.find(ref)
    const stopped = new AbortController()
    stopped.abort(reason)
    if (model) await execute(id, model, stopped)
    else await journal.advance(id, { type: 'canceled', at: now() })
  }

  return { end }
}
