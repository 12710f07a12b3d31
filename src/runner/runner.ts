import { type Model, type ModelRef, modelName, parseModelRef } from '../domain/model.ts'
import { noSettings, withRecord } from '../domain/model-record.ts'
import {
  isSettled,
  isWaiting,
  type Prediction,
  type PredictionEvent,
} from '../domain/prediction.ts'
import { createCallbacks } from './callbacks.ts'
import { createChains } from './chains.ts'
import { createIntake, type StartRequest } from './intake.ts'
import { createLedger } from './ledger.ts'
import type { RunnerOptions } from './options.ts'
import { createQueues } from './queue.ts'
import { createWork, overdueSentence, type StopReason } from './work.ts'

export type Started =
  | { readonly ok: true; readonly prediction: Prediction }
  | { readonly ok: false; readonly reason: 'queue full' | 'draining' | 'stopping' }

export type Runner = ReturnType<typeof createRunner>

/**
 * The one writer of predictions: whatever happens to one, wherever it comes from, ends in
 * `advance`. It also decides when each runs.
 */
export function createRunner(options: RunnerOptions) {
  const { store, providers, book, deployments, now, log } = options
  const ledger = createLedger(store, now, (error) => log.error({ error }, 'A save failed'))
  const queues = createQueues()
  const intake = createIntake(options)
  const callbacks = createCallbacks(options)
  const chains = createChains({
    ledger,
    findModel,
    start,
    cancel: (id) => end(id, 'canceled'),
    ended: (id, signal) => until(id, isOver, longestWaitMs, signal),
  })
  const work = createWork(options, ledger, callbacks, chains)
  const working = new Map<string, { stop: (reason: StopReason) => void; done: Promise<void> }>()
  const deadlines = new Map<string, NodeJS.Timeout>()
  let stopping = false
  let started = 0

  const advance = (id: string, event: PredictionEvent) => ledger.advance(id, event)

  async function findModel(ref: ModelRef, version?: string): Promise<Model | null> {
    for (const provider of providers) {
      const model = await provider.find(ref, version)
      if (model) return withRecord(model, book.find(ref))
    }
    return null
  }

  async function start(request: StartRequest): Promise<Started> {
    if (stopping) return { ok: false, reason: 'stopping' }
    const { model } = request
    const { intake: takes, maxQueue } = settingsOf(model.ref)
    if (takes === 'draining') return { ok: false, reason: 'draining' }
    if (queues.length(modelName(model.ref)) >= (maxQueue ?? options.maxQueue))
      return { ok: false, reason: 'queue full' }
    const { prediction, submitted, sealed } = await intake.prepare(request)
    const accepted = await store.accept(prediction, model.version, submitted, sealed)
    started++
    if (accepted === prediction) enqueue(prediction, model)
    return { ok: true, prediction: accepted }
  }

  function settingsOf(ref: ModelRef) {
    return book.find(ref)?.settings ?? noSettings
  }

  function enqueue(prediction: Prediction, model: Model): void {
    ledger.open(prediction)
    setDeadline(prediction)
    const { id, deployment } = prediction
    queues.add(modelName(model.ref), id, deployment && modelName(deployment))
    pump(model)
  }

  function setDeadline({ id, deadline }: Prediction): void {
    if (deadline === null) return
    const wait = Math.min(Math.max(0, deadline - now()), longestWaitMs)
    const timer = setTimeout(() => end(id, 'overdue').catch(failed), wait)
    deadlines.set(id, timer.unref())
  }

  function failed(error: unknown): void {
    log.error({ error }, 'A run could not be begun or ended')
  }

  function pump(model: Model): void {
    const name = modelName(model.ref)
    while (!stopping && settingsOf(model.ref).intake !== 'paused') {
      const atOnce = settingsOf(model.ref).copies ?? Math.max(1, model.limits.copies)
      const id = queues.take(name, atOnce, instancesOf)
      if (id === null) return
      const controller = new AbortController()
      const done = work(id, model, controller)
        .catch((error) => log.error({ error, prediction: id }, 'A run failed in an unforeseen way'))
        .finally(() => {
          working.delete(id)
          queues.finish(name, id)
          clearTimeout(deadlines.get(id))
          deadlines.delete(id)
          pump(model)
        })
        .then(() => takeUpAgain(id, model))
        .catch(failed)
      working.set(id, { stop: (reason) => controller.abort(reason), done })
      queues.waiting(name).forEach(ledger.notify)
    }
  }

  /** How many predictions of a deployment run at once; of one that is gone, as many as of its model. */
  function instancesOf(name: string): number {
    const ref = parseModelRef(name)
    return (ref && deployments.find(ref)?.current.maxInstances) ?? Number.POSITIVE_INFINITY
  }

  for (const { listen } of [book, deployments])
    listen((ref) => {
      findModel(ref).then((model) => model && pump(model), failed)
    })

  /** A run that its upstream cut short waits for another turn, if it may have one. */
  async function takeUpAgain(id: string, model: Model): Promise<void> {
    if (stopping) return
    // Until its end is saved, one that has ended still reads as waiting.
    await ledger.settle(id)
    const left = await ledger.find(id)
    if (left && isWaiting(left)) enqueue(left, model)
  }

  /** Whether the work on it can be followed on where an upstream does it. */
  function isUnderWay({ provider: name, remote }: Prediction): boolean {
    return remote !== null && providers.some((one) => one.name === name && one.resumes)
  }

  /** Ends a prediction, wherever it is. Resolves when it is settled and what ran it is gone. */
  async function end(id: string, reason: 'canceled' | 'overdue'): Promise<void> {
    const prediction = await ledger.find(id)
    if (!prediction || isSettled(prediction)) return
    const name = modelName(prediction.model)
    if (queues.leave(name, id)) queues.waiting(name).forEach(ledger.notify)
    const running = working.get(id)
    if (running) {
      running.stop(reason)
      await running.done
    } else if (isUnderWay(prediction)) await endThere(prediction, reason)
    else await advance(id, { type: reason, at: now(), error: overdueSentence })
    await ledger.settle(id)
  }

  /** What an upstream works on is ended there, though it waits for its turn to be followed here. */
  async function endThere({ id, model: ref }: Prediction, reason: StopReason): Promise<void> {
    const model = await findModel(ref)
    const stopped = new AbortController()
    stopped.abort(reason)
    if (model) await work(id, model, stopped)
    else await advance(id, { type: 'canceled', at: now() })
  }

  async function recoverOne(prediction: Prediction): Promise<void> {
    const model = await findModel(prediction.model)
    if (!model) {
      const error = 'The server stopped before this ended, and its model is no longer here.'
      return advance(prediction.id, { type: 'failed', at: now(), error })
    }
    const goesOn = isUnderWay(prediction)
    if (prediction.parent !== null) {
      // The server is there before an upstream has said that it ended it.
      if (goesOn) void endThere(prediction, 'canceled').catch(failed)
      else {
        await advance(prediction.id, { type: 'canceled', at: now() })
        await ledger.settle(prediction.id)
      }
      return
    }
    if (goesOn) return enqueue(prediction, model)
    if ((await store.childrenOf(prediction.id)).length > 0) {
      const error = cutWithChildren
      return advance(prediction.id, { type: 'failed', at: now(), error })
    }
    await advance(prediction.id, { type: 'interrupted', at: now(), rerun: model.limits.rerun })
    await ledger.settle(prediction.id)
    const next = await ledger.find(prediction.id)
    if (next && isWaiting(next)) enqueue(next, model)
  }

  /**
   * Resolves when `holds` is true of the prediction as saved (null once it is gone), when `ms`
   * have passed, or when the signal aborts; with the prediction as it then is.
   */
  async function until(
    id: string,
    holds: (prediction: Prediction | null) => boolean,
    ms: number,
    signal?: AbortSignal,
  ): Promise<Prediction | null> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const check = async () => holds(await ledger.find(id)) && resolve()
    const finish = () => resolve()
    const unwatch = ledger.watch(id, check)
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish)
    if (signal?.aborted) finish()
    await check()
    await promise
    clearTimeout(timer)
    signal?.removeEventListener('abort', finish)
    unwatch()
    return ledger.find(id)
  }

  return {
    start,
    advance,
    findModel,
    /** Every model there is, as its provider knows it and an operator wants it. */
    async models(): Promise<Model[]> {
      const found = (await Promise.all(providers.map((provider) => provider.models()))).flat()
      return found.map((model) => withRecord(model, book.find(model.ref)))
    },
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
    /** Calls back after each save of any prediction, with what it was before and what it is. */
    listenToSaves: ledger.listenToSaves,
    /** How many predictions of a model run, and how many wait. */
    load(ref: ModelRef): { readonly running: number; readonly waiting: number } {
      const name = modelName(ref)
      return { running: queues.running(name), waiting: queues.length(name) }
    },
    /** Place in line from 1; null when it does not wait for its turn. */
    position: ({ model, id }: Pick<Prediction, 'model' | 'id'>) =>
      queues.position(modelName(model), id),

    /** Ends a prediction for good. Resolves when it is canceled, its process gone; or was settled. */
    cancel: (id: string) => end(id, 'canceled'),

    /** Whether an upstream may report there of a run under way. */
    expects: callbacks.expects,
    /** Hands on what an upstream reports of a run by itself. */
    receive: callbacks.receive,

    /** An input that an upstream may fetch under a token while it works on it; null for any other. */
    inputFile: callbacks.file,

    /** Cancels a prediction if need be, then removes it and ends the links to its files. */
    async remove(id: string): Promise<boolean> {
      await this.cancel(id)
      return ledger.remove(id)
    },

    until,

    /** How often what a running prediction asked of other models has changed. */
    changesUnder: chains.changesUnder,

    /** Takes up what an earlier process left: queued runs queue again, cut ones follow the lifecycle. */
    async recover(): Promise<void> {
      const left = await store.unsettled()
      for (const prediction of left) await recoverOne(prediction)
      if (left.length > 0) log.info({ predictions: left.length }, 'Took up unfinished predictions')
    },

    /** Resolves with the prediction as it is when it settles, or when `ms` have passed. */
    settledWithin: (id: string, ms: number) => until(id, isOver, ms),

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

const longestWaitMs = 2 ** 31 - 1

const cutWithChildren =
  'The server stopped while this ran. It had asked other models already, so it is not run again by itself.'

function isOver(prediction: Prediction | null): boolean {
  return !prediction || isSettled(prediction)
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
