import { isSettled, isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Ending, Owned } from '../../store/replicas.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'
import type { Cancellation } from '../queue/cancellation.ts'
import type { Scheduler } from '../queue/scheduler.ts'
import { hadSubRuns, modelGone, notResumed } from '../recovery.ts'
import { isWithoutParent, type Sharing } from './sharing.ts'

interface TakeUpOptions extends Pick<RunnerOptions, 'store' | 'now' | 'log' | 'queue'> {
  readonly journal: Journal
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
  readonly cancellation: Cancellation
  readonly sharing: Sharing
}

export type TakingUp = ReturnType<typeof createTakeUp>

/**
 * Goes on with predictions that this replica owns and does not run, since their replica died, or their run
 * ended without being over: they are followed on, put back into the queue, or ended.
 */
export function createTakeUp(options: TakeUpOptions) {
  const { store, now, log, queue, journal, catalogue, scheduler, cancellation, sharing } = options

  async function goOn({ id, ending }: Owned): Promise<void> {
    const prediction = await store.find(id)
    if (!prediction || isSettled(prediction)) return
    const end: Ending | null =
      ending ?? ((await isWithoutParent(prediction, journal)) ? 'canceled' : null)
    if (end) return cancellation.endOwned(prediction, end)
    const model = await catalogue.find(prediction.model)
    if (!model) return fail(id, modelGone)
    if (catalogue.canResume(prediction)) return scheduler.follow(prediction, model)
    const children = await store.childrenOf(id)
    if (children.length === 0) return putBack(prediction, model.limits.rerun)
    await fail(id, hadSubRuns)
    for (const child of children) await cancellation.end(child.id, 'canceled')
  }

  /** A run that had begun is run again, if that is allowed. */
  async function putBack(prediction: Prediction, rerun: boolean): Promise<void> {
    const { id, model: ref } = prediction
    await journal.change(id, { type: 'interrupted', at: now(), rerun })
    const left = await store.find(id)
    if (!left || !isWaiting(left)) return
    await queue.release(left)
    journal.notify(id)
    sharing.moved(ref)
    if (scheduler.isStopping()) sharing.tellOfWaiting(ref, 0, true)
    else scheduler.startMore(ref)
  }

  async function fail(id: string, error: string): Promise<void> {
    await journal.change(id, { type: 'failed', at: now(), error })
  }

  return {
    async takeUp(owned: Owned): Promise<void> {
      await goOn(owned).catch((error) => {
        log.error({ error, prediction: owned.id }, 'A run could not be taken up')
        return fail(owned.id, notResumed)
      })
    },
    failWithoutModel: (id: string) => fail(id, modelGone),
  }
}
