import type { Changes } from '../../changes/changes.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Ending, Replicas } from '../../store/replicas.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { WaitUntil } from '../journal/until.ts'
import type { RunnerOptions } from '../options.ts'
import type { Execute } from '../run/executor.ts'
import { overdueSentence } from '../run/run-end.ts'
import type { Scheduler } from './scheduler.ts'

interface CancellationOptions extends Pick<RunnerOptions, 'now'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly execute: Execute
  readonly scheduler: Scheduler
  /** Null when this server is alone. */
  readonly replicas: Replicas | null
  readonly changes: Changes
  readonly until: WaitUntil
}

/** Why a prediction is ended before its run is over. */
export type EndReason = Ending

export type Cancellation = ReturnType<typeof createCancellation>

/** Another replica is asked again after this, in milliseconds: it may have died. */
const askAgainMs = 1_000

/** Ends predictions, whether they wait, run here, on another replica or upstream. */
export function createCancellation(options: CancellationOptions) {
  const { now, journal, catalogue, execute, scheduler, replicas, changes, until } = options

  /** Resolves when the prediction is settled and its run has ended. */
  async function end(id: string, reason: EndReason): Promise<void> {
    const prediction = await journal.find(id)
    if (!prediction || isSettled(prediction)) return
    await scheduler.dequeue(prediction)
    const stopped = scheduler.stopRun(id, reason)
    if (replicas) await (stopped ?? endShared(prediction, reason, replicas))
    else await (stopped ?? endWaiting(prediction, reason))
    scheduler.clearDeadline(id)
    await journal.flush(id)
    // Another replica may have begun to run it meanwhile.
    if (replicas) await end(id, reason)
  }

  /** One step to the end of a prediction that does not run here. */
  async function endShared(
    prediction: Prediction,
    reason: EndReason,
    { id: replica, requestEnd, take }: Replicas,
  ): Promise<void> {
    const { id } = prediction
    const owner = await requestEnd(id, reason)
    if (owner !== null) {
      if (owner !== replica) changes.tell({ type: 'end', id })
      await until(id, isOver, askAgainMs)
    } else if (!catalogue.canResume(prediction)) await journal.change(id, eventOf(reason))
    else if (await take(id)) await endOwned(prediction, reason)
  }

  /** Ends a prediction that this replica owns and does not run. */
  async function endOwned(prediction: Prediction, reason: EndReason): Promise<void> {
    if (catalogue.canResume(prediction)) return endUpstream(prediction, reason)
    await journal.change(prediction.id, eventOf(reason))
  }

  async function endWaiting(prediction: Prediction, reason: EndReason): Promise<void> {
    if (catalogue.canResume(prediction)) await endUpstream(prediction, reason)
    else await journal.advance(prediction.id, eventOf(reason))
  }

  function eventOf(type: EndReason) {
    return { type, at: now(), error: overdueSentence }
  }

  /** Resumes a run that waits here but goes on upstream, with a signal that is aborted already. */
  async function endUpstream({ id, model: ref }: Prediction, reason: EndReason): Promise<void> {
    const model = await catalogue.find(ref)
    if (!model) return journal.advance(id, { type: 'canceled', at: now() })
    const stopped = new AbortController()
    stopped.abort(reason)
    await journal.hold(id)
    await execute(id, model, stopped)
    await journal.flush(id)
  }

  return { end, endOwned }
}

function isOver(prediction: Prediction | null): boolean {
  return !prediction || isSettled(prediction)
}
