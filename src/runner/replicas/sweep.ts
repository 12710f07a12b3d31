import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { Owned, Replicas } from '../../store/replicas.ts'
import type { Catalogue } from '../catalogue.ts'
import type { RunnerOptions } from '../options.ts'
import type { EndReason } from '../queue/cancellation.ts'
import type { Scheduler } from '../queue/scheduler.ts'
import type { Sharing } from './sharing.ts'

interface SweepOptions extends Pick<RunnerOptions, 'log' | 'queue'> {
  readonly replicas: Replicas
  readonly catalogue: Catalogue
  readonly scheduler: Scheduler
  readonly sharing: Sharing
  /** A prediction whose model no replica has fails after this, in milliseconds. */
  readonly goneMs: number
  /** Goes on with a prediction that this replica owns and does not run. */
  takeUp(owned: Owned): Promise<void>
  end(id: string, reason: EndReason): Promise<void>
  /** Fails a prediction whose model nobody has. */
  failWithoutModel(id: string): Promise<void>
}

/** The most predictions that one sweep looks at. */
const most = 200

/** Does what other replicas did not: those that died, and those that lack room or were not told. */
export function createSweep(options: SweepOptions) {
  const { replicas, catalogue, scheduler, sharing, queue, goneMs } = options
  const missing = createMissing(goneMs)

  /** Whether this replica is the one to go on with runs of a model. */
  async function isFor(ref: ModelRef): Promise<boolean> {
    if (await catalogue.find(ref)) return missing.found(ref)
    if (sharing.hasElsewhere(ref)) return !missing.found(ref)
    return missing.isGone(ref)
  }

  async function takeOver(): Promise<void> {
    const lost = await replicas.lost(most)
    if (lost.length === 0) return
    const isForUs = new Map<string, boolean>()
    for (const { model } of lost)
      if (!isForUs.has(modelName(model))) isForUs.set(modelName(model), await isFor(model))
    const ids = lost.filter(({ model }) => isForUs.get(modelName(model))).map(({ id }) => id)
    const taken = await replicas.takeOver(ids)
    await Promise.all(taken.map(options.takeUp))
    if (taken.length > 0)
      options.log.info({ predictions: taken.length }, 'Took over from a replica that is gone')
  }

  async function startWaiting(): Promise<void> {
    for (const ref of await replicas.waitingModels())
      if (!(await isFor(ref))) continue
      else if (await catalogue.find(ref)) scheduler.startMore(ref)
      else await Promise.all((await queue.waiting(ref)).map(options.failWithoutModel))
  }

  return async (isSteady: boolean): Promise<void> => {
    if (isSteady) await takeOver()
    await startWaiting()
    for (const id of await replicas.overdue(most)) await options.end(id, 'overdue')
  }
}

/** Since when models are missed, by the monotonic clock. */
function createMissing(goneMs: number) {
  const since = new Map<string, number>()

  return {
    found(ref: ModelRef): true {
      since.delete(modelName(ref))
      return true
    },
    isGone(ref: ModelRef): boolean {
      const from = since.get(modelName(ref)) ?? performance.now()
      since.set(modelName(ref), from)
      return performance.now() - from >= goneMs
    },
  }
}
