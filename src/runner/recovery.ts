import { isWaiting, type Prediction } from '../domain/prediction/prediction.ts'
import type { Catalogue } from './catalogue.ts'
import type { Journal } from './journal.ts'
import type { RunnerOptions } from './options.ts'
import type { Scheduler } from './scheduler.ts'

interface RecoveryOptions extends Pick<RunnerOptions, 'store' | 'now' | 'log'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
}

const modelGone = 'The server stopped before this finished, and its model is no longer available.'

const cutWithChildren =
  'The server stopped during this run. It had already started sub-runs, so it is not run again automatically.'

const notTakenUp =
  'The server stopped during this run and could not resume it. The server’s log has the reason.'

/** Takes up what an earlier process left: queued runs queue again, cut ones follow the lifecycle. */
export function createRecovery({
  store,
  now,
  log,
  journal,
  catalogue,
  scheduler,
}: RecoveryOptions) {
  async function recover(prediction: Prediction): Promise<void> {
    const { id, parent } = prediction
    const at = now()
    if (parent !== null) return endAsked(prediction)
    const model = await catalogue.find(prediction.model)
    if (!model) return journal.advance(id, { type: 'failed', at, error: modelGone })
    if (scheduler.isUnderWay(prediction)) return scheduler.enqueue(prediction, model)
    if ((await store.childrenOf(id)).length > 0)
      return journal.advance(id, { type: 'failed', at, error: cutWithChildren })
    await journal.advance(id, { type: 'interrupted', at, rerun: model.limits.rerun })
    await journal.flush(id)
    const next = await journal.find(id)
    if (next && isWaiting(next)) scheduler.enqueue(next, model)
  }

  /** What a run had asked for ends with it. */
  async function endAsked(prediction: Prediction): Promise<void> {
    const ended = scheduler.end(prediction.id, 'canceled')
    if (!scheduler.isUnderWay(prediction)) return ended
    // The server is there before an upstream has said that it ended it.
    ended.catch((error) => log.error({ error }, 'A run could not be ended upstream'))
  }

  /** One that cannot be taken up keeps none of the others waiting. */
  function giveUp({ id }: Prediction, error: unknown): Promise<void> {
    log.error({ error, prediction: id }, 'A run could not be taken up')
    return journal.advance(id, { type: 'failed', at: now(), error: notTakenUp })
  }

  return async () => {
    const left = await store.unsettled()
    for (const prediction of left)
      await recover(prediction).catch((error) => giveUp(prediction, error))
    if (left.length > 0) log.info({ predictions: left.length }, 'Took up unfinished predictions')
  }
}
