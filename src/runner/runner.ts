import { type Model, type ModelRef, modelName } from '../domain/model.ts'
import {
  isSettled,
  isWaiting,
  type Prediction,
  type PredictionEvent,
} from '../domain/prediction.ts'
import { createIntake, type StartRequest } from './intake.ts'
import { createLedger } from './ledger.ts'
import type { RunnerOptions } from './options.ts'
import { createQueues } from './queue.ts'
import { createWork, type StopReason } from './work.ts'

export type Started =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: 'queue full' | 'stopping' }

export type Runner = ReturnType<typeof createRunner>

/**
 * The one writer of predictions: whatever happens to one, wherever it comes from, ends in
 * `advance`. It also decides when each runs.
 */
export function createRunner(options: RunnerOptions) {
  const { store, providers, now, log } = options
  const ledger = createLedger(store, now, (error) => log.error({ error }, 'A save failed'))
  const queues = createQueues()
  const intake = createIntake(options)
  const work = createWork(options, ledger)
  const working = new Map<string, { stop: (reason: StopReason) => void; done: Promise<void> }>()
  let stopping = false
  let started = 0

  const advance = (id: string, event: PredictionEvent) => ledger.advance(id, event)

  async function findModel(ref: ModelRef): Promise<Model | null> {
    for (const provider of providers) {
      const model = await provider.find(ref)
      if (model) return model
    }
    return null
  }

  async function start(request: StartRequest): Promise<Started> {
    if (stopping) return { ok: false, reason: 'stopping' }
    const { model } = request
    if (queues.length(modelName(model.ref)) >= options.maxQueue)
      return { ok: false, reason: 'queue full' }
    const { prediction, submitted, sealed } = await intake.prepare(request)
    const accepted = await store.accept(prediction, model.version, submitted, sealed)
    started++
    if (accepted === prediction) enqueue(prediction, model)
    return { ok: true, prediction: accepted }
  }

  function enqueue(prediction: Prediction, model: Model): void {
    ledger.open(prediction)
    queues.add(modelName(model.ref), prediction.id)
    pump(model)
  }

  function pump(model: Model): void {
    const name = modelName(model.ref)
    while (!stopping) {
      const id = queues.take(name, Math.max(1, model.limits.copies))
      if (id === null) return
      const controller = new AbortController()
      const done = work(id, model, controller)
        .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
        .finally(() => {
          working.delete(id)
          queues.finish(name, id)
          pump(model)
        })
      working.set(id, { stop: (reason) => controller.abort(reason), done })
      queues.waiting(name).forEach(ledger.notify)
    }
  }

  async function recoverOne(prediction: Prediction): Promise<void> {
    const model = await findModel(prediction.model)
    if (!model) {
      const error = 'The server stopped before this ended, and its model is no longer here.'
      return advance(prediction.id, { type: 'failed', at: now(), error })
    }
    await advance(prediction.id, { type: 'interrupted', at: now(), rerun: model.limits.rerun })
    await ledger.settle(prediction.id)
    const next = await ledger.find(prediction.id)
    if (next && isWaiting(next)) enqueue(next, model)
  }

  return {
    start,
    advance,
    findModel,
    /** As saved: what a page may show. */
    find: ledger.find,
    /** Whether anything runs or has happened since this was last asked. */
    wasBusy(): boolean {
      const busy = working.size > 0 || started > 0
      started = 0
      return busy
    },
    /** Calls back after each change of any prediction, with its id. */
    listen: ledger.listen,
    /** Place in line from 1; null when it does not wait for its turn. */
    position: ({ model, id }: Pick<Prediction, 'model' | 'id'>) =>
      queues.position(modelName(model), id),

    /** Ends a prediction for good. Resolves when it is canceled, its process gone; or was settled. */
    async cancel(id: string): Promise<void> {
      const prediction = await ledger.find(id)
      if (!prediction || isSettled(prediction)) return
      const name = modelName(prediction.model)
      if (queues.leave(name, id)) queues.waiting(name).forEach(ledger.notify)
      const running = working.get(id)
      if (running) {
        running.stop('canceled')
        await running.done
      } else await advance(id, { type: 'canceled', at: now() })
      await ledger.settle(id)
    },

    /** Cancels a prediction if need be, then removes it and ends the links to its files. */
    async remove(id: string): Promise<boolean> {
      await this.cancel(id)
      return ledger.remove(id)
    },

    /**
     * Resolves when `holds` is true of the prediction as saved (null once it is gone), or when
     * `ms` have passed; with the prediction as it then is.
     */
    async until(
      id: string,
      holds: (prediction: Prediction | null) => boolean,
      ms: number,
    ): Promise<Prediction | null> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const check = async () => holds(await ledger.find(id)) && resolve()
      const finish = () => resolve()
      const unwatch = ledger.watch(id, check)
      const timer = setTimeout(finish, ms)
      await check()
      await promise
      clearTimeout(timer)
      unwatch()
      return ledger.find(id)
    },

    /** Takes up what an earlier process left: queued runs queue again, cut ones follow the lifecycle. */
    async recover(): Promise<void> {
      const left = await store.unsettled()
      for (const prediction of left) await recoverOne(prediction)
      if (left.length > 0) log.info({ predictions: left.length }, 'Took up unfinished predictions')
    },

    /** Resolves with the prediction as it is when it settles, or when `ms` have passed. */
    settledWithin(id: string, ms: number): Promise<Prediction | null> {
      return this.until(id, (prediction) => !prediction || isSettled(prediction), ms)
    },

    /** Takes no more, gives running predictions `graceMs` to end, and stops the rest. */
    async stop(graceMs: number): Promise<void> {
      stopping = true
      const ended = Promise.all([...working.values()].map(({ done }) => done))
      await Promise.race([ended, delay(graceMs)])
      for (const { stop } of working.values()) stop('stopped')
      await ended
      await ledger.settleAll()
    },
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
