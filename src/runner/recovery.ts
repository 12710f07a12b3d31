import { isWaiting, type Prediction } from '../domain/prediction/prediction.ts'
import type { Catalogue } from './catalogue.ts'
import type { Ledger } from './ledger.ts'
import type { RunnerOptions } from './options.ts'
import type { Turns } from './turns.ts'

interface RecoveryOptions extends Pick<RunnerOptions, 'store' | 'now' | 'log'> {
  readonly ledger: Ledger
  readonly catalogue: Catalogue
  readonly turns: Turns
}

const modelGone = 'The server stopped before this finished, and its model is no longer available.'

const cutWithChildren =
  'The server stopped during this run. It had already started sub-runs, so it is not run again automatically.'

const notTakenUp =
  'The server stopped during this run and could not resume it. The server’s log has the reason.'

/** Takes up what an earlier process left: queued runs queue again, cut ones follow the lifecycle. */
export function createRecovery({ store, now, log, ledger, catalogue, turns }: RecoveryOptions) {
  async function recover(prediction: Prediction): Promise<void> {
    const { id, parent } = prediction
    const at = now()
    if (parent !== null) return endAsked(prediction)
    const model = await catalogue.find(prediction.model)
    if (!model) return ledger.advance(id, { type: 'failed', at, error: modelGone })
    if (turns.isUnderWay(prediction)) return turns.enqueue(prediction, model)
    if ((await store.childrenOf(id)).length > 0)
      return ledger.advance(id, { type: 'failed', at, error: cutWithChildren })
    await ledger.advance(id, { type: 'interrupted', at, rerun: model.limits.rerun })
    await ledger.settle(id)
    const next = await ledger.find(id)
    if (next && isWaiting(next)) turns.enqueue(next, model)
  }

  /** What a run had asked for ends with it. */
  async function endAsked(prediction: Prediction): Promise<void> {
    const ended = turns.end(prediction.id, 'canceled')
    if (!turns.isUnderWay(prediction)) return ended
    // The server is there before an upstream has said that it ended it.
    ended.catch((error) => log.error({ error }, 'A run could not be ended upstream'))
  }

  /** One that cannot be taken up keeps none of the others waiting. */
  function giveUp({ id }: Prediction, error: unknown): Promise<void> {
    log.error({ error, prediction: id }, 'A run could not be taken up')
    return ledger.advance(id, { type: 'failed', at: now(), error: notTakenUp })
  }

  return async () => {
    const left = await store.unsettled()
    for (const prediction of left)
      await recover(prediction).catch((error) => giveUp(prediction, error))
    if (left.length > 0) log.info({ predictions: left.length }, 'Took up unfinished predictions')
  }
}
