import { isWaiting, type Prediction } from '../domain/prediction/prediction.ts'
import type { Catalogue } from './catalogue.ts'
import type { Journal } from './journal/journal.ts'
import type { RunnerOptions } from './options.ts'
import type { Cancellation } from './queue/cancellation.ts'
import type { Scheduler } from './queue/scheduler.ts'
import type { Quotas } from './quotas/quotas.ts'

interface RecoveryOptions extends Pick<RunnerOptions, 'store' | 'now' | 'log'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
  readonly cancellation: Cancellation
  readonly quotas: Quotas
}

export const modelGone =
  'The server stopped before this finished, and its model is no longer available.'

export const hadSubRuns =
  'The server stopped during this run. It had already started sub-runs, so it is not run again automatically.'

export const notResumed =
  'The server stopped during this run and could not resume it. The server’s log has the reason.'

/** Recovers what an earlier process left unsettled: runs are queued, resumed upstream, run again or ended. */
export function createRecovery(options: RecoveryOptions) {
  const { store, now, log, journal, catalogue, scheduler, cancellation, quotas } = options

  async function recover(prediction: Prediction): Promise<void> {
    const { id, parent } = prediction
    if (parent !== null) return endSubRun(prediction)
    const model = await catalogue.find(prediction.model)
    if (!model) return fail(prediction, modelGone)
    // Its queue asks how many of theirs may run at once.
    await quotas.ofMaker(prediction.createdBy)
    if (catalogue.canResume(prediction)) return scheduler.enqueue(prediction, model)
    if ((await store.childrenOf(id)).length > 0) return fail(prediction, hadSubRuns)
    await journal.advance(id, { type: 'interrupted', at: now(), rerun: model.limits.rerun })
    await journal.flush(id)
    const next = await journal.find(id)
    if (next && isWaiting(next)) scheduler.enqueue(next, model)
  }

  /** The parent of a sub-run is gone. */
  async function endSubRun(prediction: Prediction): Promise<void> {
    const ended = cancellation.end(prediction.id, 'canceled')
    if (!catalogue.canResume(prediction)) return ended
    // The upstream may take long to confirm: the start does not wait for it.
    ended.catch((error) => log.error({ error }, 'A run could not be ended upstream'))
  }

  function fail({ id }: Prediction, error: string): Promise<void> {
    return journal.advance(id, { type: 'failed', at: now(), error })
  }

  return async () => {
    const left = await store.unsettled()
    for (const prediction of left)
      await recover(prediction).catch((error) => {
        log.error({ error, prediction: prediction.id }, 'A run could not be taken up')
        return fail(prediction, notResumed)
      })
    if (left.length > 0) log.info({ predictions: left.length }, 'Took up unfinished predictions')
  }
}
